import { Alert, Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/calls'
import type { Streamed } from '../api/stream'

/** Does what is shown still move? */
export function LiveState({ state }: { state: Streamed<unknown>['state'] }) {
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
