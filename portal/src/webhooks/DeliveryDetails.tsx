import { Alert, Code, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { dateTime } from '../i18n/format'
import { inWords } from '../parts/problems'

interface Props {
  account: number
  webhook: number
  delivery: number
}

/** One delivery: every attempt with its answer, and what is sent. */
export function DeliveryDetails({ account, webhook, delivery }: Props) {
  const { t } = useTranslation()
  const whole = useQuery({
    queryKey: ['deliveries', account, webhook, delivery],
    queryFn: () =>
      got(
        api.GET('/api/v1/accounts/{account}/webhooks/{webhook}/deliveries/{delivery}', {
          params: { path: { account, webhook, delivery } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.state === 'waiting' ? 2_000 : false),
  })
  if (whole.error) return <Alert color="red">{inWords(whole.error, t)}</Alert>
  if (whole.data === undefined) return <Skeleton h={200} />
  const { attempts, body } = whole.data
  return (
    <Stack>
      {attempts.length === 0 && <Text c="dimmed">{t('webhooks.noAttempt')}</Text>}
      {attempts.map((it) => (
        <div key={it.number}>
          <Text fw={500}>{t('webhooks.attempt', { number: it.number })}</Text>
          <Text size="sm" c="dimmed">
            {[dateTime(it.at), t('webhooks.took', { ms: it.ms }), it.status && t('webhooks.answered', { status: it.status })]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          {it.problem && <Text size="sm">{t(`webhooks.problems.${it.problem}`)}</Text>}
          {it.answer && (
            <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {it.answer}
            </Code>
          )}
        </div>
      ))}
      <Title order={3} size="h5">
        {t('webhooks.body')}
      </Title>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(body, null, 2)}
      </Code>
    </Stack>
  )
}
