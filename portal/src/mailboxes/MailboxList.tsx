import { Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { type Extension, useExtensions } from '../extensions/extensions'
import { useKindTitle } from '../extensions/kinds'
import '../i18n/parts/mailboxes'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { WideTable } from '../parts/WideTable'
import { counted, takesMessages } from './mailboxes'

const LOOKED_AT = 200

/** Everything that takes messages, with how many there are. */
export function MailboxList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const extensions = useExtensions(account)
  const titleOf = useKindTitle()
  const boxes = (extensions.data ?? []).filter(takesMessages)
  const list = useList(boxes, [
    { title: t('mailboxes.box'), of: (it) => `${it.number} ${it.name}` },
    { title: t('mailboxes.kind'), of: (it) => titleOf(it.kind) },
  ])
  return (
    <Stack>
      <PageHead title={t('mailboxes.title')} about={t('mailboxes.about')}>
        <ListExport list={list} name="mailboxes" />
        <Button
          component={Link}
          to={`/accounts/${account}/notices`}
          variant="default"
          leftSection={<IconSend size={16} aria-hidden />}
        >
          {t('mailboxes.outbox')}
        </Button>
        <Button component={Link} to={`/accounts/${account}/extensions/new?kind=mailbox`}>
          {t('mailboxes.newBox')}
        </Button>
      </PageHead>
      {extensions.isPending ? (
        <Skeleton h={120} />
      ) : boxes.length === 0 ? (
        <Text c="dimmed">{t('mailboxes.none')}</Text>
      ) : (
        <WideTable label={t('mailboxes.title')} minWidth={420}>
          <Table highlightOnHover>
            <ListHead
              list={list}
              more={
                <>
                  <Table.Th ta="right">{t('mailboxes.new')}</Table.Th>
                  <Table.Th ta="right">{t('mailboxes.heard')}</Table.Th>
                </>
              }
            />
            <Table.Tbody>
              {list.rows.map((box) => (
                <Row key={box.number} account={account} box={box} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Stack>
  )
}

function Row({ account, box }: { account: number; box: Extension }) {
  const { t } = useTranslation()
  const titleOf = useKindTitle()
  const messages = useQuery({
    queryKey: ['messages', account, box.number, 'count'],
    queryFn: () =>
      got(
        api.GET('/api/v1/accounts/{account}/extensions/{number}/messages', {
          params: { path: { account, number: box.number }, query: { limit: LOOKED_AT } },
        }),
      ),
  })
  const { fresh, heard } = counted(messages.data?.items ?? [])
  const more = Boolean(messages.data?.next)
  const shown = (count: number) => (more ? t('mailboxes.many', { count }) : count)
  return (
    <Table.Tr>
      <Table.Td>
        <Link to={`/accounts/${account}/mailboxes/${box.number}`}>
          {box.number} {box.name}
        </Link>
      </Table.Td>
      <Table.Td>{titleOf(box.kind)}</Table.Td>
      <Table.Td ta="right">
        {messages.data === undefined ? '…' : fresh > 0 ? <Badge size="lg">{shown(fresh)}</Badge> : 0}
      </Table.Td>
      <Table.Td ta="right">{messages.data === undefined ? '…' : shown(heard)}</Table.Td>
    </Table.Tr>
  )
}
