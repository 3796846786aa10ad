import { Alert, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/channels'
import { Copied } from '../things/Secret'
import type { SipAccess } from './channels'

/** What to type into a phone; the password is there this once. */
export function SipData({ sip }: { sip: SipAccess }) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <Alert variant="default" role="status" title={t('channels.once')}>
        {t('channels.onceText')}
      </Alert>
      <Copied label={t('channels.server')} value={sip.server} />
      <Copied label={t('channels.port')} value={`${sip.port} (${sip.transports.join(', ').toUpperCase()})`} />
      <Copied label={t('channels.user')} value={sip.user} />
      <Copied label={t('channels.password')} value={sip.password} />
    </Stack>
  )
}
