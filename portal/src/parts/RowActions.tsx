import { ActionIcon, Group } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** What can be done with a line of a table; `what` says which one. */
export function RowActions({ what, onEdit, onRemove }: { what: string; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <ActionIcon
        size="lg"
        variant="subtle"
        onClick={onEdit}
        aria-label={`${t('actions.edit')}: ${what}`}
        title={t('actions.edit')}
      >
        <IconPencil size={18} />
      </ActionIcon>
      <ActionIcon
        size="lg"
        variant="subtle"
        color="red"
        onClick={onRemove}
        aria-label={`${t('actions.remove')}: ${what}`}
        title={t('actions.remove')}
      >
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  )
}
