import { useSortable } from '@dnd-kit/sortable'
import { ActionIcon, Group, Paper, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface Props {
  number: string
  name: string
  index: number
  count: number
  problem?: string
  onMove: (to: number) => void
  onRemove: () => void
}

/** Somebody in a list, with a handle for mouse and keyboard, and buttons for one step. */
export function Member({ number, name, index, count, problem, onMove, onRemove }: Props) {
  const { t } = useTranslation()
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: number,
  })
  const who = `${number} ${name}`.trim()
  return (
    <Paper
      component="li"
      withBorder
      px="xs"
      py={4}
      ref={setNodeRef}
      style={{
        transform: transform ? `translate(0, ${Math.round(transform.y)}px)` : undefined,
        transition,
        position: 'relative',
        zIndex: isDragging ? 1 : undefined,
      }}
      shadow={isDragging ? 'md' : undefined}
    >
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            ref={setActivatorNodeRef}
            {...attributes}
            {...listeners}
            aria-label={t('form.move', { name: who })}
            style={{ cursor: 'grab', touchAction: 'none' }}
          >
            <IconGripVertical size={16} />
          </ActionIcon>
          <Text>{who}</Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            aria-label={`${t('actions.up')}: ${number}`}
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={`${t('actions.down')}: ${number}`}
            disabled={index === count - 1}
            onClick={() => onMove(index + 1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red" aria-label={`${t('actions.remove')}: ${number}`} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
      {problem && (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
    </Paper>
  )
}
