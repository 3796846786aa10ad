import { Alert, Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/unsaved'

/** Says that a form stands as it was typed before the page was loaded again. */
export function Restored({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert color="blue" role="status">
      <Group justify="space-between">
        <Text size="sm">{t('unsaved.restored')}</Text>
        <Button size="xs" variant="default" onClick={onDiscard}>
          {t('unsaved.discard')}
        </Button>
      </Group>
    </Alert>
  )
}
