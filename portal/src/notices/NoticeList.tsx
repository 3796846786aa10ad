import { Alert, Badge, Button, Group, Select, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAccountId } from '../accounts/account'
import { api, got, type Schemas } from '../api/client'
import { dateTime } from '../i18n/format'
import '../i18n/parts/mailboxes'
import { LongExport } from '../parts/LongExport'
import { PageHead } from '../parts/PageHead'
import { inWords, tell, tellDone } from '../parts/problems'
import { WideTable } from '../parts/WideTable'

type Notice = Schemas['Notice']

const COLOURS: Record<Notice['state'], string> = { waiting: 'yellow', sent: 'teal', given_up: 'red', cancelled: 'gray' }

/** The outbox: e-mails and text messages that tell of voicemail. */
export function NoticeList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const [state, setState] = useState<Notice['state'] | null>(null)
  const [way, setWay] = useState<Notice['way'] | null>(null)
  const page = (limit: number, after: string | undefined) =>
    got(
      api.GET('/api/v1/accounts/{account}/notices', {
        params: {
          path: { account },
          query: { limit, ...(state ? { state } : {}), ...(way ? { way } : {}), ...(after ? { after } : {}) },
        },
      }),
    )
  const list = useInfiniteQuery({
    queryKey: ['notices', account, state, way],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(50, pageParam),
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  })
  const notices = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack>
      <PageHead
        title={t('notices.title')}
        above={{ title: t('mailboxes.title'), to: `/accounts/${account}/mailboxes` }}
        about={t('notices.about')}
      >
        <LongExport
          name="notices"
          head={(['to', 'way', 'subject', 'written', 'state'] as const).map((name) => t(`notices.${name}`))}
          page={(after) => page(500, after)}
          row={(it) => [it.recipient, t(`notices.ways.${it.way}`), it.subject, it.created, t(`notices.states.${it.state}`)]}
        />
      </PageHead>
      <Group>
        <Select
          label={t('notices.state')}
          placeholder={t('notices.all')}
          clearable
          data={(['waiting', 'sent', 'given_up', 'cancelled'] as const).map((it) => ({
            value: it,
            label: t(`notices.states.${it}`),
          }))}
          value={state}
          onChange={(chosen) => setState(chosen as Notice['state'] | null)}
        />
        <Select
          label={t('notices.way')}
          placeholder={t('notices.allWays')}
          clearable
          data={(['mail', 'sms'] as const).map((it) => ({ value: it, label: t(`notices.ways.${it}`) }))}
          value={way}
          onChange={(chosen) => setWay(chosen as Notice['way'] | null)}
        />
      </Group>
      {list.error && <Alert color="red">{inWords(list.error, t)}</Alert>}
      {list.isPending ? (
        <Skeleton h={120} />
      ) : notices.length === 0 ? (
        !list.error && <Text c="dimmed">{t('notices.none')}</Text>
      ) : (
        <WideTable label={t('notices.title')} minWidth={680}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('notices.to')}</Table.Th>
                <Table.Th>{t('notices.subject')}</Table.Th>
                <Table.Th>{t('notices.written')}</Table.Th>
                <Table.Th>{t('notices.state')}</Table.Th>
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {notices.map((notice) => (
                <Row key={notice.id} account={account} notice={notice} />
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
    </Stack>
  )
}

function Row({ account, notice }: { account: number; notice: Notice }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const params = { params: { path: { account, notice: notice.id } } }
  const settle = {
    onError: (problem: Error) => tell(problem, t),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['notices', account] }),
  }
  const retry = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts/{account}/notices/{notice}/retry', params)),
    onSuccess: () => tellDone(t('notices.retried')),
    ...settle,
  })
  const cancel = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts/{account}/notices/{notice}/cancel', params)),
    onSuccess: () => tellDone(t('notices.cancelled')),
    ...settle,
  })
  const waiting = notice.state === 'waiting'
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {notice.recipient}
        <Text size="xs" c="dimmed">
          {t(`notices.ways.${notice.way}`)}
        </Text>
      </Table.Td>
      <Table.Td>{notice.subject}</Table.Td>
      <Table.Td>{dateTime(notice.created)}</Table.Td>
      <Table.Td>
        <Badge variant="dot" color={COLOURS[notice.state]} tt="none">
          {t(`notices.states.${notice.state}`)}
        </Badge>
        <Text size="xs" c="dimmed">
          {[
            notice.tries > 0 && t('notices.tries', { count: notice.tries }),
            waiting && notice.next_try && t('notices.next', { when: dateTime(notice.next_try) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        {notice.problem && <Text size="xs">{notice.problem}</Text>}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {notice.state !== 'sent' && (
            <Button
              size="xs"
              variant="default"
              loading={retry.isPending}
              onClick={() => retry.mutate()}
              aria-label={`${t('notices.retry')}: ${notice.recipient}`}
            >
              {t('notices.retry')}
            </Button>
          )}
          {waiting && (
            <Button
              size="xs"
              variant="light"
              color="red"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
              aria-label={`${t('notices.cancel')}: ${notice.recipient}`}
            >
              {t('notices.cancel')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
