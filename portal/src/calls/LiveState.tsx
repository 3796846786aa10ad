import { Alert, Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/calls'
import type { Live } from './liveFeed'

/** Does what is shown still move? */
export function LiveState({ state }: { state: Live['state'] }) {
  const { t } = useTranslation()
  return (
    <div role="status">
      {state === 'stale' ? (
        <Alert color="orange" p="xs">
          {t('calls.stale')}
        </Alert>
      ) : (
        <Badge color={state === 'live' ? 'teal' : 'gray'} variant={state === 'live' ? 'dot' : 'default'} tt="none">
          {state === 'live' ? t('calls.live') : t('calls.connecting')}
        </Badge>
      )}
    </div>
  )
}
