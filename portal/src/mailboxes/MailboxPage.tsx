import { Alert, Button, SegmentedControl, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import '../i18n/parts/mailboxes'
import { LongExport } from '../parts/LongExport'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { WideTable } from '../parts/WideTable'
import { Greeting } from './Greeting'
import { MessageRow } from './MessageRow'

type Which = 'all' | 'new' | 'heard'

/** The messages of one mailbox, newest first. */
export function MailboxPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const number = useParams().number ?? ''
  const nameOf = useNameOf(account)
  const [which, setWhich] = useState<Which>('all')
  const page = (limit: number, after: string | undefined) =>
    got(
      api.GET('/api/v1/accounts/{account}/extensions/{number}/messages', {
        params: {
          path: { account, number },
          query: { limit, ...(which === 'all' ? {} : { new: which === 'new' }), ...(after ? { after } : {}) },
        },
      }),
    )
  const list = useInfiniteQuery({
    queryKey: ['messages', account, number, which],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(50, pageParam),
    getNextPageParam: (page) => page.next,
  })
  const messages = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack>
      <PageHead
        title={t('mailboxes.messages', { name: nameOf(number) })}
        above={{ title: t('mailboxes.title'), to: `/accounts/${account}/mailboxes` }}
      >
        <LongExport
          name={`messages-${number}`}
          head={(['from', 'at', 'length', 'heard'] as const).map((name) => t(`mailboxes.${name}`))}
          page={(after) => page(500, after)}
          row={(it) => [it.caller_name || it.caller, it.left_at, it.seconds, it.heard_at]}
        />
      </PageHead>
      <Greeting account={account} number={number} />
      <SegmentedControl
        w="fit-content"
        aria-label={t('mailboxes.only')}
        value={which}
        onChange={(chosen) => setWhich(chosen as Which)}
        data={[
          { value: 'all', label: t('mailboxes.onlyAll') },
          { value: 'new', label: t('mailboxes.onlyNew') },
          { value: 'heard', label: t('mailboxes.onlyHeard') },
        ]}
      />
      {list.error && <Alert color="red">{inWords(list.error, t)}</Alert>}
      {list.isPending ? (
        <Skeleton h={120} />
      ) : messages.length === 0 ? (
        !list.error && <Text c="dimmed">{t('mailboxes.noMessages')}</Text>
      ) : (
        <WideTable label={t('mailboxes.title')} minWidth={600}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('mailboxes.from')}</Table.Th>
                <Table.Th>{t('mailboxes.at')}</Table.Th>
                <Table.Th>{t('mailboxes.length')}</Table.Th>
                <Table.Td />
                <Table.Td />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {messages.map((message) => (
                <MessageRow key={message.id} account={account} message={message} />
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
