import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { TFunction } from '../i18n/words'

interface Question {
  title: string
  text: string
  /** What the button says that does it. */
  does: string
  onYes: () => void
}

/** Asks before something that cannot be taken back; what does nothing has the focus. */
export function confirm(t: TFunction, { title, text, does, onYes }: Question): void {
  modals.openConfirmModal({
    title,
    children: <Text size="sm">{text}</Text>,
    labels: { confirm: does, cancel: t('actions.cancel') },
    confirmProps: { color: 'red' },
    cancelProps: { 'data-autofocus': true },
    onConfirm: onYes,
  })
}
