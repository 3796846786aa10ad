import { Alert, Badge, Button, Card, List, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got, type Schemas } from '../api/client'
import { number } from '../i18n/format'
import '../i18n/parts/health'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { WideTable } from '../parts/WideTable'
import { useReader } from '../schema-form/words'
import { sums } from './metrics'

const OFTEN = 10_000
/** Milliseconds: the doctor tries the mail server, too. */
const SELDOM = 60_000

const COLOURS: Record<Schemas['Condition'], string> = { good: 'teal', note: 'yellow', bad: 'red' }

/** Can calls be made now, and how is the exchange doing? (OPS-1) */
export function HealthPage() {
  const { t } = useTranslation()
  const language = useReader()
  const health = useQuery({
    queryKey: ['health', language],
    queryFn: () => got(api.GET('/api/v1/health', { params: { query: { language } } })),
    refetchInterval: SELDOM,
    retry: false,
  })
  const figures = useQuery({ queryKey: ['metrics'], queryFn: readFigures, refetchInterval: OFTEN, retry: false })
  const now = health.data
  return (
    <Stack>
      <PageHead title={t('nav.health')} about={t('health.about')}>
        <Button variant="default" loading={health.isFetching} onClick={() => void health.refetch()}>
          {t('health.again')}
        </Button>
      </PageHead>
      {health.isPending && <Skeleton h={80} />}
      {health.isError && (
        <Alert color="red" role="alert">
          {inWords(health.error, t)}
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
      {now && <Findings findings={now.findings} />}
    </Stack>
  )
}

function Sentences({ lines }: { lines: string[] }) {
  return (
    <List size="sm">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}

/** What `centrale doctor` finds, what is wrong first. */
function Findings({ findings }: { findings: Schemas['FindingOut'][] }) {
  const { t } = useTranslation()
  const order: Schemas['Condition'][] = ['bad', 'note', 'good']
  const sorted = [...findings].sort((one, other) => order.indexOf(one.condition) - order.indexOf(other.condition))
  return (
    <Stack gap="xs" maw={1000}>
      <Title order={2} size="h3">
        {t('health.doctor')}
      </Title>
      <WideTable label={t('health.doctor')} minWidth={640}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('health.subject')}</Table.Th>
              <Table.Th>{t('health.condition')}</Table.Th>
              <Table.Th>{t('health.found')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((it) => (
              <Table.Tr key={`${it.subject} ${it.found}`}>
                <Table.Td>{it.subject}</Table.Td>
                <Table.Td>
                  <Badge variant="dot" color={COLOURS[it.condition]} tt="none" miw="fit-content">
                    {t(`health.is.${it.condition}`)}
                  </Badge>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {it.found}
                  {it.remedy && (
                    <Text size="sm" c="dimmed">
                      {t('health.remedy', { what: it.remedy })}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Stack>
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
    ...(waiting > 0 ? ([['oldest', `${number(value('centrale_notices_oldest_seconds') / 60)} min`]] as [string, string][]) : []),
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

/** Only for who is on the same machine as the exchange, or nobody: then there are no figures here. */
async function readFigures(): Promise<Map<string, number> | null> {
  const answer = await fetch('/metrics')
  return answer.ok ? sums(await answer.text()) : null
}
