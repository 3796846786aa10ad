import { Alert, Card, List, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { duration, number } from '../i18n/format'
import '../i18n/parts/health'
import { PageHead } from '../parts/PageHead'
import { sums } from './metrics'

const OFTEN = 10_000

/** Can calls be made now, and how is the exchange doing? (OPS-1) */
export function HealthPage() {
  const { t } = useTranslation()
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth, refetchInterval: OFTEN, retry: false })
  const figures = useQuery({ queryKey: ['metrics'], queryFn: readFigures, refetchInterval: OFTEN, retry: false })
  const now = health.data
  return (
    <Stack>
      <PageHead title={t('nav.health')} about={t('health.about')} />
      {health.isPending && <Skeleton h={80} />}
      {health.isError && (
        <Alert color="red" role="alert">
          {t('app.unreachable')}
        </Alert>
      )}
      {now && (
        <Alert
          variant="outline"
          color={now.healthy ? 'teal' : 'red'}
          title={now.healthy ? t('health.good') : t('health.bad')}
          maw={820}
        >
          {now.problems.length > 0 && <Sentences lines={now.problems} />}
        </Alert>
      )}
      {now && now.notes.length > 0 && (
        <Alert variant="default" title={t('health.notes')} maw={820}>
          <Sentences lines={now.notes} />
        </Alert>
      )}
      {figures.data && <Figures figures={figures.data} />}
    </Stack>
  )
}

/** The exchange says these in English. */
function Sentences({ lines }: { lines: string[] }) {
  return (
    <List size="sm" lang="en">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}

function Figures({ figures }: { figures: Map<string, number> }) {
  const { t } = useTranslation()
  const value = (name: string) => figures.get(name) ?? 0
  const requests = value('centrale_api_request_seconds_count')
  const mean = requests > 0 ? (value('centrale_api_request_seconds_sum') / requests) * 1000 : 0
  const waiting = value('centrale_notices_waiting')
  const shown: [string, string][] = [
    ['calls', number(value('centrale_live_calls'))],
    ['accounts', number(value('centrale_accounts'))],
    ['waiting', number(waiting)],
    ...(waiting > 0 ? ([['oldest', duration(value('centrale_notices_oldest_seconds'))]] as [string, string][]) : []),
    ['requests', number(requests)],
    ['mean', `${number(mean, 1)} ms`],
  ]
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} maw={820}>
      {shown.map(([name, figure]) => (
        <Card key={name} withBorder padding="md">
          <Text size="sm" c="dimmed">
            {t(`health.${name}`)}
          </Text>
          <Text size="xl" fw={600}>
            {figure}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  )
}

/** It needs no token; 503 has the same form as 200. */
async function readHealth(): Promise<Schemas['HealthOut']> {
  return (await (await fetch('/healthz')).json()) as Schemas['HealthOut']
}

/** Only for who is on the same machine as the exchange, or nobody: then there are no figures here. */
async function readFigures(): Promise<Map<string, number> | null> {
  const answer = await fetch('/metrics')
  return answer.ok ? sums(await answer.text()) : null
}
