import { Alert, Badge, Button, Group, Select, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { dateTime } from '../i18n/format'
import { Dialog } from '../parts/Dialog'
import { LongExport } from '../parts/LongExport'
import { inWords, tell, tellDone } from '../parts/problems'
import { WideTable } from '../parts/WideTable'
import { DeliveryDetails } from './DeliveryDetails'
import { type Delivery, type DeliveryState, isUnderWay, STATE_COLOURS, STATES, useEventNames } from './webhooks'

interface Props {
  account: number
  webhook: number
  active: boolean
}

/** What was sent to a webhook, and how that went. */
export function DeliveryLog({ account, webhook, active }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const names = useEventNames()
  const path = { account, webhook }
  const [state, setState] = useState<DeliveryState | null>(null)
  const [type, setType] = useState<string | null>(null)
  const [open, setOpen] = useState<Delivery | null>(null)
  const [since, setSince] = useState<string | null>(null)
  const page = (limit: number, after: string | undefined) =>
    got(
      api.GET('/api/v1/accounts/{account}/webhooks/{webhook}/deliveries', {
        params: { path, query: { limit, ...(state ? { state } : {}), ...(type ? { type } : {}), ...(after ? { after } : {}) } },
      }),
    )
  const list = useInfiniteQuery({
    queryKey: ['deliveries', account, webhook, state, type],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(50, pageParam),
    getNextPageParam: (page) => page.next,
    refetchInterval: (query) => (isUnderWay(query.state.data?.pages.flatMap((page) => page.items) ?? []) ? 2_000 : 15_000),
  })
  const deliveries = list.data?.pages.flatMap((page) => page.items) ?? []
  const again = () => void queries.invalidateQueries({ queryKey: ['deliveries', account, webhook] })
  const failed = (problem: Error) => tell(problem, t)
  const test = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts/{account}/webhooks/{webhook}/test', { params: { path } })),
    onSuccess: () => tellDone(t('webhooks.tested')),
    onError: failed,
    onSettled: again,
  })
  const replayAll = useMutation({
    mutationFn: (from: string) =>
      got(
        api.POST('/api/v1/accounts/{account}/webhooks/{webhook}/replay', {
          params: { path },
          body: { since: new Date(from).toISOString() },
        }),
      ),
    onSuccess: ({ deliveries: count }) => {
      tellDone(t('webhooks.replayedAll', { count }))
      setSince(null)
    },
    onError: failed,
    onSettled: again,
  })
  const replay = useMutation({
    mutationFn: (delivery: number) =>
      got(
        api.POST('/api/v1/accounts/{account}/webhooks/{webhook}/deliveries/{delivery}/replay', {
          params: { path: { ...path, delivery } },
        }),
      ),
    onSuccess: () => tellDone(t('webhooks.replayed')),
    onError: failed,
    onSettled: again,
  })
  const nameOf = (delivery: Delivery) =>
    names[delivery.type] ?? (delivery.type === 'webhook.test' ? t('webhooks.trial') : delivery.type)
  return (
    <Stack>
      <Text c="dimmed">{t('webhooks.logAbout')}</Text>
      <Group align="flex-end">
        <Select
          label={t('webhooks.state')}
          placeholder={t('webhooks.all')}
          clearable
          data={STATES.map((it) => ({ value: it, label: t(`webhooks.states.${it}`) }))}
          value={state}
          onChange={(chosen) => setState(chosen as DeliveryState | null)}
        />
        <Select
          label={t('webhooks.what')}
          placeholder={t('webhooks.all')}
          clearable
          searchable
          data={Object.entries(names).map(([value, label]) => ({ value, label }))}
          value={type}
          onChange={setType}
        />
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t('webhooks.test')}
        </Button>
        <Button variant="default" disabled={!active} onClick={() => setSince('')}>
          {t('webhooks.replayAll')}
        </Button>
        <LongExport
          name="webhook"
          head={(['when', 'what', 'state'] as const).map((name) => t(`webhooks.${name}`))}
          page={(after) => page(500, after)}
          row={(it) => [it.at, nameOf(it), t(`webhooks.states.${it.state}`)]}
        />
      </Group>
      {list.error && <Alert color="red">{inWords(list.error, t)}</Alert>}
      {list.isPending ? (
        <Skeleton h={120} />
      ) : deliveries.length === 0 ? (
        !list.error && <Text c="dimmed">{t('webhooks.nothing')}</Text>
      ) : (
        <WideTable label={t('webhooks.log')} minWidth={680}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('webhooks.when')}</Table.Th>
                <Table.Th>{t('webhooks.what')}</Table.Th>
                <Table.Th>{t('webhooks.state')}</Table.Th>
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {deliveries.map((it) => (
                <Table.Tr key={it.id}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{dateTime(it.at)}</Table.Td>
                  <Table.Td>{nameOf(it)}</Table.Td>
                  <Table.Td>
                    <State delivery={it} />
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Button
                        size="xs"
                        variant="default"
                        onClick={() => setOpen(it)}
                        aria-label={`${t('webhooks.details')}: ${nameOf(it)}, ${dateTime(it.at)}`}
                      >
                        {t('webhooks.details')}
                      </Button>
                      <Button
                        size="xs"
                        variant="default"
                        disabled={!active || replay.isPending}
                        onClick={() => replay.mutate(it.id)}
                        aria-label={`${t('webhooks.replay')}: ${nameOf(it)}, ${dateTime(it.at)}`}
                      >
                        {t('webhooks.replay')}
                      </Button>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
      <Dialog opened={since !== null} onClose={() => setSince(null)} title={t('webhooks.replayAll')}>
        <Stack>
          <TextInput
            type="datetime-local"
            label={t('webhooks.replaySince')}
            description={t('webhooks.replaySinceText')}
            value={since ?? ''}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
          <Button disabled={!since} loading={replayAll.isPending} onClick={() => replayAll.mutate(since ?? '')}>
            {t('webhooks.replayAll')}
          </Button>
        </Stack>
      </Dialog>
      <Dialog opened={open !== null} onClose={() => setOpen(null)} title={t('webhooks.details')} size="lg">
        {open !== null && <DeliveryDetails account={account} webhook={webhook} delivery={open.id} />}
      </Dialog>
    </Stack>
  )
}

function State({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation()
  const { last } = delivery
  const facts = [
    delivery.tries > 0 && t('webhooks.tries', { count: delivery.tries }),
    last?.status && t('webhooks.answered', { status: last.status }),
    delivery.next_try && delivery.tries > 0 && t('webhooks.next', { when: dateTime(delivery.next_try) }),
  ].filter(Boolean)
  return (
    <>
      <Badge variant="dot" color={STATE_COLOURS[delivery.state]} tt="none">
        {t(`webhooks.states.${delivery.state}`)}
      </Badge>
      <Text size="xs" c="dimmed">
        {facts.join(' · ')}
      </Text>
      {last?.problem && delivery.state !== 'delivered' && <Text size="xs">{t(`webhooks.problems.${last.problem}`)}</Text>}
    </>
  )
}
