import { Button, Group, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'
import '../i18n/parts/unsaved'
import { Dialog } from './Dialog'

/** Asks before a page with changes that are not saved is left. */
export function Unsaved({ when }: { when: boolean }) {
  const { t } = useTranslation()
  const blocker = useBlocker(({ currentLocation, nextLocation }) => when && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    if (!when) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [when])
  if (blocker.state !== 'blocked') return null
  return (
    <Dialog opened onClose={() => blocker.reset()} title={t('told.unsaved')}>
      <Text mb="md">{t('unsaved.text')}</Text>
      <Group justify="flex-end">
        <Button variant="light" color="red" onClick={() => blocker.proceed()}>
          {t('unsaved.leave')}
        </Button>
        <Button onClick={() => blocker.reset()} data-autofocus>
          {t('unsaved.stay')}
        </Button>
      </Group>
    </Dialog>
  )
}
