import '../app/stylesLater'
import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/unsaved'
import { Dialog } from './Dialog'

export function UnsavedDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog opened onClose={onStay} title={t('told.unsaved')}>
      <Text mb="md">{t('unsaved.text')}</Text>
      <Group justify="flex-end">
        <Button variant="light" color="red" onClick={onLeave}>
          {t('unsaved.leave')}
        </Button>
        <Button onClick={onStay} data-autofocus>
          {t('unsaved.stay')}
        </Button>
      </Group>
    </Dialog>
  )
}
