import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import '../i18n/parts/queues'
import { type Member, useAgentActs, useMembers } from './agentActs'
import { type Shown, STATE_COLOURS } from './board'

/** The agents of a queue on the wallboard, each logged on or off with one press. It stands in the card, since a dialog
 * would not be seen while the board fills the screen. */
export function BoardAgents({ account, queue }: { account: number; queue: Shown }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const number = queue.queue
  const members = useMembers(account, number)
  const now = useQuery({
    queryKey: ['queue now', account, number],
    queryFn: () =>
      got(api.GET('/api/v1/accounts/{account}/queues/{queue}/now', { params: { path: { account, queue: number } } })),
    refetchInterval: 5_000,
  })
  // The board is told of every change; the names follow it.
  const counts = JSON.stringify(queue.agents)
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['queue members', account, number] })
    void queries.invalidateQueries({ queryKey: ['queue now', account, number] })
  }, [counts, queries, account, number])
  if (members.data === undefined || now.data === undefined) return <Skeleton h={60} mt="sm" />
  if (members.data.length === 0) return <Text c="dimmed">{t('queues.noMembers')}</Text>
  return (
    <Stack component="ul" gap={6} m={0} mt="sm" p={0} style={{ listStyle: 'none' }}>
      {members.data.map((member) => (
        <Agent
          key={member.agent}
          account={account}
          queue={number}
          member={member}
          state={now.data.agents.find((it) => it.agent === member.agent)?.state ?? (member.active ? 'unreachable' : 'logged_off')}
        />
      ))}
    </Stack>
  )
}

interface AgentProps {
  account: number
  queue: string
  member: Member
  state: keyof typeof STATE_COLOURS
}

function Agent({ account, queue, member, state }: AgentProps) {
  const { t } = useTranslation()
  const { name, logOn, logOff, endWrapUp } = useAgentActs(account, queue, member)
  const [does, act] = member.active ? [t('queues.logOff'), logOff] : [t('queues.logOn'), logOn]
  return (
    <Group component="li" justify="space-between" gap="xs">
      <Group gap="xs">
        <Text>{name}</Text>
        <Badge variant="dot" color={STATE_COLOURS[state]} tt="none">
          {t(`queues.states.${state}`)}
        </Badge>
      </Group>
      <Group gap="xs">
        {state === 'wrap_up' && (
          <Button size="xs" variant="default" loading={endWrapUp.isPending} onClick={() => endWrapUp.mutate()}>
            {t('queues.endWrapUp')}
          </Button>
        )}
        <Button size="xs" variant="default" loading={act.isPending} aria-label={`${does}: ${name}`} onClick={() => act.mutate()}>
          {does}
        </Button>
      </Group>
    </Group>
  )
}
