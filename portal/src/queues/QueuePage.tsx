import { Alert, Button, Card, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { IconSettings } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { useLive, useOnCalls } from '../calls/liveFeed'
import { LiveState } from '../calls/LiveState'
import { duration } from '../i18n/format'
import '../i18n/parts/queues'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { TracePath } from '../parts/TracePath'
import { useNameOf } from '../parts/useNameOf'
import { useNow } from '../parts/useNow'
import { WideTable } from '../parts/WideTable'
import { QueueMembers } from './QueueMembers'

/** One queue: who waits, who works, and whom the next caller would get. */
export function QueuePage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const queue = useParams().queue ?? ''
  const queries = useQueryClient()
  const nameOf = useNameOf(account)
  const { value: running, state } = useLive(account)
  const path = { path: { account, queue } }
  const now = useQuery({
    queryKey: ['queue now', account, queue],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/queues/{queue}/now', { params: path })),
    refetchInterval: 5_000, // wrap-ups and rests end without a call
  })
  const clock = useNow()
  useOnCalls(account, () => void queries.invalidateQueries({ queryKey: ['queue now', account, queue] }))
  if (now.error && now.data === undefined) return <Alert color="red">{inWords(now.error, t)}</Alert>
  if (now.data === undefined) return <Skeleton h={300} />
  const callerOf = (call: string) => {
    const found = running.get(call)
    return found ? [nameOf(found.caller), found.caller_name].filter(Boolean).join(' ') || t('queues.call') : call
  }
  return (
    <Stack>
      <PageHead title={nameOf(queue)} above={{ title: t('queues.title'), to: `/accounts/${account}/queues` }}>
        <Button
          component={Link}
          to={`/accounts/${account}/extensions/${queue}`}
          variant="default"
          leftSection={<IconSettings size={16} aria-hidden />}
        >
          {t('queues.settings')}
        </Button>
      </PageHead>
      <LiveState state={state} />
      <Title order={2} size="h4">
        {t('queues.line')}
      </Title>
      <Text c="dimmed" size="sm">
        {t('queues.expected')}: {duration(now.data.expected_wait)}
      </Text>
      {now.data.waiting.length === 0 ? (
        <Text c="dimmed">{t('queues.nobodyWaits')}</Text>
      ) : (
        <WideTable label={t('queues.line')} minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('queues.position')}</Table.Th>
                <Table.Th>{t('queues.call')}</Table.Th>
                <Table.Th>{t('queues.waits')}</Table.Th>
                <Table.Th>{t('queues.offeredTo')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {now.data.waiting.map((it) => (
                <Table.Tr key={it.call}>
                  <Table.Td>{it.position}</Table.Td>
                  <Table.Td>
                    {callerOf(it.call)}
                    {it.held && (
                      <Text size="xs" c="dimmed">
                        {t('queues.held')}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{duration((clock - Date.parse(it.since)) / 1000)}</Table.Td>
                  <Table.Td>{it.ringing.map(nameOf).join(', ')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      <Title order={2} size="h4">
        {t('queues.members')}
      </Title>
      <QueueMembers account={account} queue={queue} agents={now.data.agents} />
      <Title order={2} size="h4">
        {t('queues.nextTitle')}
      </Title>
      <Card withBorder maw={860}>
        <TracePath trace={[now.data.next]} />
      </Card>
    </Stack>
  )
}
