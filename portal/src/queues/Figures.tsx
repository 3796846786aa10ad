import { Alert, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, type Schemas } from '../api/client'
import { duration, share } from '../i18n/format'
import '../i18n/parts/queues'
import { inWords } from '../parts/problems'
import { WideTable } from '../parts/WideTable'
import type { Bar } from './bars'
import { Chart } from './Chart'
import { type Asked, barName, periodName } from './statistics'

interface Props {
  account: number
  asked: Asked
  span: { since: string; until: string }
}

const time = (seconds: number | null | undefined) => (seconds === null || seconds === undefined ? '–' : duration(seconds))

/** Calls by period and queue. */
export function QueueFigures({ account, asked, span }: Props) {
  const { t } = useTranslation()
  const query = { ...span, by: asked.by, within: asked.within, ...(asked.queue ? { queue: [asked.queue] } : {}) }
  const found = useQuery({
    queryKey: ['statistics', account, 'queues', query],
    queryFn: () =>
      got(api.GET('/api/v1/accounts/{account}/statistics/queues', { params: { path: { account }, query } })) as Promise<
        Schemas['QueueStatistics']
      >,
    placeholderData: (before) => before,
  })
  const lines = found.data?.lines ?? []
  const bars = new Map<string, Bar>()
  for (const it of lines) {
    const bar = bars.get(it.since) ?? { label: barName(it.since, asked), parts: [0, 0] }
    bars.set(it.since, {
      ...bar,
      parts: [(bar.parts[0] ?? 0) + it.answered, (bar.parts[1] ?? 0) + it.unanswered],
    })
  }
  return (
    <Shown
      pending={found.isPending}
      problem={found.error}
      empty={lines.every((it) => it.calls === 0)}
      chart={
        <Chart
          title={t('statistics.chartQueues')}
          bars={[...bars.values()]}
          series={[t('statistics.answered'), t('statistics.unanswered')]}
        />
      }
      head={['period', 'queue', 'calls', 'answered', 'unanswered', 'abandoned', 'forwarded', 'wait', 'waitMost', 'talk', 'level']}
      rows={lines
        .filter((it) => it.calls > 0)
        .map((it) => [
          periodName(it.since, asked.by),
          `${it.queue} ${it.name}`,
          it.calls,
          it.answered,
          it.unanswered,
          it.abandoned,
          it.forwarded,
          time(it.wait.all.average),
          time(it.wait.all.max),
          time(it.talk.all.average),
          share(it.service_level),
        ])}
    />
  )
}

/** Calls by how long their callers waited. */
export function WaitFigures({ account, asked, span }: Props) {
  const { t } = useTranslation()
  const query = { ...span, ...(asked.queue ? { queue: [asked.queue] } : {}) }
  const found = useQuery({
    queryKey: ['statistics', account, 'waits', query],
    queryFn: () =>
      got(api.GET('/api/v1/accounts/{account}/statistics/waits', { params: { path: { account }, query } })) as Promise<
        Schemas['WaitStatistics']
      >,
    placeholderData: (before) => before,
  })
  const lines = found.data?.lines ?? []
  const nameOf = (it: { above: number; upto: number | null }) =>
    it.upto === null ? t('statistics.longer', { seconds: it.above }) : t('statistics.upTo', { seconds: it.upto })
  return (
    <Shown
      pending={found.isPending}
      problem={found.error}
      empty={(found.data?.calls ?? 0) === 0}
      chart={
        <Chart
          title={t('statistics.chartWaits')}
          bars={lines.map((it) => ({ label: it.upto === null ? '…' : `${it.upto} s`, parts: [it.answered, it.unanswered] }))}
          series={[t('statistics.answered'), t('statistics.unanswered')]}
        />
      }
      head={['waited', 'answered', 'unanswered', 'held', 'level']}
      rows={lines.map((it) => [nameOf(it), it.answered, it.unanswered, it.held, share(it.answered_share)])}
    />
  )
}

/** Work by period and agent. */
export function AgentFigures({ account, asked, span }: Props) {
  const { t } = useTranslation()
  const query = { ...span, by: asked.by, ...(asked.queue ? { queue: [asked.queue] } : {}) }
  const found = useQuery({
    queryKey: ['statistics', account, 'agents', query],
    queryFn: () =>
      got(api.GET('/api/v1/accounts/{account}/statistics/agents', { params: { path: { account }, query } })) as Promise<
        Schemas['AgentStatistics']
      >,
    placeholderData: (before) => before,
  })
  const lines = found.data?.lines ?? []
  const bars = new Map<string, Bar>()
  for (const it of lines) {
    const before = bars.get(it.agent)?.parts[0] ?? 0
    bars.set(it.agent, { label: it.name || it.agent, parts: [before + it.answered] })
  }
  return (
    <Shown
      pending={found.isPending}
      problem={found.error}
      empty={lines.length === 0}
      chart={<Chart title={t('statistics.chartAgents')} bars={[...bars.values()]} series={[t('statistics.answered')]} />}
      head={['period', 'agent', 'answered', 'talkTotal', 'talk', 'offers', 'missed', 'loggedOn', 'wrapUp']}
      rows={lines.map((it) => [
        periodName(it.since, asked.by),
        `${it.agent} ${it.name}`,
        it.answered,
        time(it.talk),
        time(it.talk_average),
        it.offers,
        it.missed,
        time(it.logged_on),
        time(it.wrap_up),
      ])}
    />
  )
}

interface ShownProps {
  pending: boolean
  problem: Error | null
  empty: boolean
  chart: ReactNode
  /** Words of `statistics`. Columns of words come first. */
  head: string[]
  rows: (string | number)[][]
}

const WORDS = new Set(['period', 'queue', 'agent', 'waited'])

function Shown({ pending, problem, empty, chart, head, rows }: ShownProps) {
  const { t } = useTranslation()
  if (problem) return <Alert color="red">{inWords(problem, t)}</Alert>
  if (pending) return <Skeleton h={280} />
  if (empty) return <Text c="dimmed">{t('statistics.none')}</Text>
  return (
    <Stack>
      {chart}
      <WideTable label={t('statistics.title')} minWidth={head.length * 90}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {head.map((name) => (
                <Table.Th key={name} ta={WORDS.has(name) ? undefined : 'right'}>
                  {t(`statistics.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                {row.map((value, at) => (
                  <Table.Td key={at} ta={WORDS.has(head[at] ?? '') ? undefined : 'right'}>
                    {value}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Stack>
  )
}
