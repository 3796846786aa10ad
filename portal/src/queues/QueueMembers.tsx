import { Badge, Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { dateTime, duration } from '../i18n/format'
import '../i18n/parts/queues'
import { WideTable } from '../parts/WideTable'
import { type Member, useAgentActs, useMembers } from './agentActs'
import { STATE_COLOURS } from './board'

type AtWork = Schemas['AtWork']

interface Props {
  account: number
  queue: string
  /** Those who are logged on, as they are now. */
  agents: AtWork[]
}

/** The members of a queue, who are logged on and off here. */
export function QueueMembers({ account, queue, agents }: Props) {
  const { t } = useTranslation()
  const members = useMembers(account, queue)
  if (members.data === undefined) return <Skeleton h={100} />
  if (members.data.length === 0) return <Text c="dimmed">{t('queues.noMembers')}</Text>
  return (
    <WideTable label={t('queues.members')} minWidth={680}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('queues.agent')}</Table.Th>
            <Table.Th>{t('queues.state')}</Table.Th>
            <Table.Th>{t('queues.since')}</Table.Th>
            <Table.Th ta="right">{t('queues.answered')}</Table.Th>
            <Table.Th ta="right">{t('queues.talked')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.data.map((member) => (
            <Row
              key={member.agent}
              account={account}
              queue={queue}
              member={member}
              work={agents.find((it) => it.agent === member.agent)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  )
}

function Row({ account, queue, member, work }: Omit<Props, 'agents'> & { member: Member; work: AtWork | undefined }) {
  const { t } = useTranslation()
  const { name, logOn, logOff, endWrapUp } = useAgentActs(account, queue, member)
  const state = work?.state ?? (member.active ? 'unreachable' : 'logged_off')
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        {!member.chosen && (
          <Text size="xs" c="dimmed">
            {t('queues.guest')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="dot" color={STATE_COLOURS[state]} tt="none">
          {t(`queues.states.${state}`)}
        </Badge>
      </Table.Td>
      <Table.Td>{member.since ? dateTime(member.since) : ''}</Table.Td>
      <Table.Td ta="right">{work?.answered ?? ''}</Table.Td>
      <Table.Td ta="right">{work ? duration(work.talked) : ''}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {state === 'wrap_up' && (
            <Button size="xs" variant="default" loading={endWrapUp.isPending} onClick={() => endWrapUp.mutate()}>
              {t('queues.endWrapUp')}
            </Button>
          )}
          {member.active ? (
            <Button
              size="xs"
              variant="default"
              loading={logOff.isPending}
              onClick={() => logOff.mutate()}
              aria-label={`${t('queues.logOff')}: ${name}`}
            >
              {t('queues.logOff')}
            </Button>
          ) : (
            <Button
              size="xs"
              loading={logOn.isPending}
              onClick={() => logOn.mutate()}
              aria-label={`${t('queues.logOn')}: ${name}`}
            >
              {t('queues.logOn')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
