import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate } from 'react-router'
import { api, got, type Schemas } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { usePartners } from '../partners/partners'
import { Heading } from '../parts/Heading'
import { type Column, type List, ListHead } from '../parts/list'
import { LongExport } from '../parts/LongExport'
import { part } from '../parts/part'

const NewAccount = part(() => import('./NewAccount'), 'NewAccount')

type Account = Schemas['AccountOut']

/** What the exchange sorts by, column by column. */
const ORDERS = ['number', 'name'] as const

/** All customers that one sees; who sees only one goes there at once. */
export function AccountList() {
  const { t } = useTranslation()
  const person = usePerson()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search.trim(), 200)
  const [{ by, down }, setOrder] = useState({ by: 0, down: false })
  const [making, dialog] = useDisclosure()
  const sort = `${down ? '-' : ''}${ORDERS[by] ?? 'number'}` as const
  const page = (limit: number, after: string | undefined) =>
    got(
      api.GET('/api/v1/accounts', {
        params: { query: { search: wanted, sort, limit, ...(after ? { after } : {}) } },
      }),
    )
  const list = useInfiniteQuery({
    queryKey: ['accounts', wanted, sort],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(100, pageParam),
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
  const partners = usePartners(isAtLeast(person, 'platform')).data ?? []
  if (person.role === 'end_user') return <Navigate to="/me" replace />
  if (!isAtLeast(person, 'partner') && person.account) return <Navigate to={`/accounts/${person.account}`} replace />
  const ofPlatform = isAtLeast(person, 'platform')
  const accounts = list.data?.pages.flatMap((page) => page.items) ?? []
  const partnerOf = (account: Account) => partners.find((it) => it.id === account.partner)?.name ?? ''
  const columns: Column<Account>[] = [
    { title: t('accounts.number'), of: (it) => it.number },
    { title: t('accounts.name'), of: (it) => it.name },
    ...(ofPlatform ? [{ title: t('nav.partners') }] : []),
  ]
  const sorted: List<Account> = {
    rows: accounts,
    columns,
    by,
    down,
    sort: (column) => setOrder({ by: column, down: by === column && !down }),
  }
  return (
    <Stack>
      <Group justify="space-between">
        <Heading>{t('accounts.title')}</Heading>
        <Group gap="xs">
          <LongExport
            name="customers"
            head={columns.map((it) => it.title)}
            page={(after) => page(500, after)}
            row={(it) => [it.number, it.name, ...(ofPlatform ? [partnerOf(it)] : [])]}
          />
          <Button onClick={dialog.open}>{t('accounts.new')}</Button>
        </Group>
      </Group>
      <TextInput
        label={t('actions.search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={400}
      />
      {list.isSuccess && accounts.length === 0 ? (
        <Text c="dimmed">{wanted ? t('app.nothingFound') : t('accounts.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={400}>
          <Table highlightOnHover>
            <ListHead list={sorted} />
            <Table.Tbody>
              {accounts.map((account) => (
                <Table.Tr key={account.id}>
                  <Table.Td>{account.number}</Table.Td>
                  <Table.Td>
                    <Link to={`/accounts/${account.id}`}>{account.name}</Link>
                  </Table.Td>
                  {ofPlatform && <Table.Td>{partnerOf(account)}</Table.Td>}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
      {making && (
        <Suspense fallback={null}>
          <NewAccount onDone={dialog.close} />
        </Suspense>
      )}
    </Stack>
  )
}
