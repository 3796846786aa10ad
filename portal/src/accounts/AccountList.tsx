import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate } from 'react-router'
import { api, got } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { usePartners } from '../partners/partners'
import { Heading } from '../parts/Heading'
import { part } from '../parts/part'

const NewAccount = part(() => import('./NewAccount'), 'NewAccount')

/** All customers that one sees; who sees only one goes there at once. */
export function AccountList() {
  const { t } = useTranslation()
  const person = usePerson()
  const [search, setSearch] = useState('')
  const [wanted] = useDebouncedValue(search.trim(), 200)
  const [making, dialog] = useDisclosure()
  const list = useInfiniteQuery({
    queryKey: ['accounts', wanted],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      got(
        api.GET('/api/v1/accounts', {
          params: { query: { search: wanted, limit: 100, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  })
  const partners = usePartners(isAtLeast(person, 'platform')).data ?? []
  if (person.role === 'end_user') return <Navigate to="/me" replace />
  if (!isAtLeast(person, 'partner') && person.account) return <Navigate to={`/accounts/${person.account}`} replace />
  const ofPlatform = isAtLeast(person, 'platform')
  const accounts = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack>
      <Group justify="space-between">
        <Heading>{t('accounts.title')}</Heading>
        <Button onClick={dialog.open}>{t('accounts.new')}</Button>
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
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('accounts.number')}</Table.Th>
                <Table.Th>{t('accounts.name')}</Table.Th>
                {ofPlatform && <Table.Th>{t('nav.partners')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {accounts.map((account) => (
                <Table.Tr key={account.id}>
                  <Table.Td>{account.number}</Table.Td>
                  <Table.Td>
                    <Link to={`/accounts/${account.id}`}>{account.name}</Link>
                  </Table.Td>
                  {ofPlatform && <Table.Td>{partners.find((it) => it.id === account.partner)?.name ?? ''}</Table.Td>}
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
