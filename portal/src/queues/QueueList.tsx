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
  return (
    <Stack>
      <PageHead title={t('queues.title')} about={t('queues.about')}>
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
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('queues.queue')}</Table.Th>
                <Table.Th ta="right">{t('queues.waiting')}</Table.Th>
                <Table.Th ta="right">{t('queues.longest')}</Table.Th>
                <Table.Th ta="right">{t('queues.free')}</Table.Th>
                <Table.Th ta="right">{t('queues.agents')}</Table.Th>
                <Table.Th ta="right">{t('queues.today')}</Table.Th>
                <Table.Th ta="right">{t('queues.levelWithin', { seconds: WITHIN })}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {queues.map((queue) => (
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
