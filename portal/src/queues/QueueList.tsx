import { Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconChartBar, IconDeviceTv } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { LiveState } from '../calls/LiveState'
import { duration, share } from '../i18n/format'
import '../i18n/parts/queues'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { useNow } from '../parts/useNow'
import { WideTable } from '../parts/WideTable'
import { atWork, longestWait, type Shown } from './board'
import { useBoard } from './liveBoard'

const WITHIN = 20

/** All queues, with what goes on in them. */
export function QueueList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const { value: board, state } = useBoard(account, WITHIN)
  const queues = [...board.values()]
  const now = useNow()
  const list = useList(queues, [
    { title: t('queues.queue'), of: (it) => `${it.queue} ${it.name}` },
    { title: t('queues.waiting'), of: (it) => it.waiting, right: true },
    { title: t('queues.longest'), wraps: true, of: (it) => longestWait(it, now), right: true },
    { title: t('queues.free'), of: (it) => it.agents.free, right: true },
    { title: t('queues.agents'), wraps: true, of: (it) => atWork(it), right: true },
    { title: t('queues.today'), wraps: true, of: (it) => it.calls, right: true },
    { title: t('queues.levelWithin', { seconds: WITHIN }), wraps: true, of: (it) => it.service_level, right: true },
  ])
  return (
    <Stack>
      <PageHead title={t('queues.title')} about={t('queues.about')}>
        <ListExport list={list} name="queues" />
        <Button
          component={Link}
          to="wallboard"
          relative="path"
          variant="default"
          leftSection={<IconDeviceTv size={16} aria-hidden />}
        >
          {t('queues.wallboard')}
        </Button>
        <Button
          component={Link}
          to="statistics"
          relative="path"
          variant="default"
          leftSection={<IconChartBar size={16} aria-hidden />}
        >
          {t('queues.statistics')}
        </Button>
        {isAtLeast(usePerson(), 'account') && (
          <Button component={Link} to={`/accounts/${account}/extensions/new?kind=queue`}>
            {t('queues.new')}
          </Button>
        )}
      </PageHead>
      <LiveState state={state} />
      {state === 'connecting' && queues.length === 0 ? (
        <Skeleton h={120} />
      ) : queues.length === 0 ? (
        <Text c="dimmed">{t('queues.none')}</Text>
      ) : (
        <WideTable label={t('queues.title')} minWidth={680}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {list.rows.map((queue) => (
                <Row key={queue.queue} account={account} queue={queue} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Stack>
  )
}

function Row({ account, queue }: { account: number; queue: Shown }) {
  const longest = longestWait(queue, useNow())
  return (
    <Table.Tr>
      <Table.Td>
        <Link to={`/accounts/${account}/queues/${queue.queue}`}>
          {queue.queue} {queue.name}
        </Link>
      </Table.Td>
      <Table.Td ta="right" fw={queue.waiting > 0 ? 700 : undefined}>
        {queue.waiting}
      </Table.Td>
      <Table.Td ta="right">{longest === null ? '–' : duration(longest)}</Table.Td>
      <Table.Td ta="right">{queue.agents.free}</Table.Td>
      <Table.Td ta="right">{atWork(queue)}</Table.Td>
      <Table.Td ta="right">{queue.calls}</Table.Td>
      <Table.Td ta="right">{share(queue.service_level)}</Table.Td>
    </Table.Tr>
  )
}
