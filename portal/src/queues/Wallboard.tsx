import { Badge, Button, Card, Group, NumberInput, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDisclosure, useFullscreenElement } from '@mantine/hooks'
import { IconMaximize, IconMinimize } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { LiveState } from '../calls/LiveState'
import { duration, share } from '../i18n/format'
import '../i18n/parts/queues'
import { PageHead } from '../parts/PageHead'
import { useNow } from '../parts/useNow'
import { longestWait, type Shown, STATE_COLOURS, STATES } from './board'
import { BoardAgents } from './BoardAgents'
import { useBoard } from './liveBoard'
import looks from './Wallboard.module.css'

/** Large figures for a screen on the wall. */
export function Wallboard() {
  const { t } = useTranslation()
  const account = useAccountId()
  const [within, setWithin] = useState(20)
  const { value: board, state } = useBoard(account, within)
  const { ref, toggle, fullscreen } = useFullscreenElement()
  const queues = [...board.values()]
  return (
    <Stack ref={ref} className={fullscreen ? looks.full : undefined}>
      <PageHead title={t('queues.wallboard')} above={{ title: t('queues.title'), to: `/accounts/${account}/queues` }}>
        <Button
          variant="default"
          leftSection={fullscreen ? <IconMinimize size={16} aria-hidden /> : <IconMaximize size={16} aria-hidden />}
          onClick={() => void toggle()}
        >
          {fullscreen ? t('queues.smaller') : t('queues.whole')}
        </Button>
      </PageHead>
      <Group align="flex-end">
        <NumberInput
          label={t('queues.within')}
          value={within}
          min={0}
          max={3600}
          allowDecimal={false}
          onChange={(seconds) => typeof seconds === 'number' && setWithin(Math.min(3600, Math.max(0, seconds)))}
          w={220}
        />
        <LiveState state={state} />
      </Group>
      {state === 'connecting' && queues.length === 0 ? (
        <Skeleton h={200} />
      ) : queues.length === 0 ? (
        <Text c="dimmed">{t('queues.none')}</Text>
      ) : (
        <div className={looks.board}>
          {queues.map((queue) => (
            <OneQueue key={queue.queue} account={account} queue={queue} within={within} />
          ))}
        </div>
      )}
    </Stack>
  )
}

function OneQueue({ account, queue, within }: { account: number; queue: Shown; within: number }) {
  const { t } = useTranslation()
  const [open, { toggle }] = useDisclosure()
  const longest = longestWait(queue, useNow())
  const figures: [string, string | number][] = [
    [t('queues.waiting'), queue.waiting],
    [t('queues.longest'), longest === null ? '–' : duration(longest)],
    [t('queues.free'), queue.agents.free],
    [t('queues.levelWithin', { seconds: within }), share(queue.service_level)],
    [t('queues.answeredToday'), queue.answered],
    [t('queues.abandonedToday'), queue.abandoned],
  ]
  return (
    <Card component="section" withBorder className={queue.waiting > 0 ? looks.crowded : undefined}>
      <Title order={2} size="h3" mb="sm">
        <Link to={`/accounts/${account}/queues/${queue.queue}`}>
          {queue.queue} {queue.name}
        </Link>
      </Title>
      <dl className={looks.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <Text component="dt" size="sm" c="dimmed">
              {name}
            </Text>
            <dd className={looks.figure}>{value}</dd>
          </div>
        ))}
      </dl>
      <Group gap="xs" mt="md">
        {STATES.filter((state) => queue.agents[state] > 0).map((state) => (
          <Badge key={state} variant="dot" color={STATE_COLOURS[state]} size="lg" tt="none">
            {t(`queues.states.${state}`)}: {queue.agents[state]}
          </Badge>
        ))}
      </Group>
      <Button size="compact-sm" variant="subtle" mt="sm" aria-expanded={open} onClick={toggle}>
        {open ? t('queues.hideAgents') : t('queues.showAgents')}
      </Button>
      {open && <BoardAgents account={account} queue={queue} />}
    </Card>
  )
}
