import { Button, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useOnRecorded } from '../api/changes'
import { api, got } from '../api/client'
import { dateTime, duration, secondsBetween } from '../i18n/format'
import { remembered } from './calls'

/** Who one called, and who called. */
export function OwnCalls({ own }: { own: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery({
    queryKey: ['me', 'records'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      got(api.GET('/api/v1/me/records', { params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next,
  })
  useOnRecorded(() => {
    if ((list.data?.pages.length ?? 0) <= 1) void list.refetch()
  })
  const calls = list.data?.pages.flatMap((page) => page.items) ?? []
  if (list.isSuccess && calls.length === 0) return <Text c="dimmed">{t('me.noCalls')}</Text>
  return (
    <Stack>
      <Table.ScrollContainer minWidth={420}>
        <Table maw={820}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('me.when')}</Table.Th>
              <Table.Th>{t('me.with')}</Table.Th>
              <Table.Th>{t('me.way')}</Table.Th>
              <Table.Th ta="right">{t('me.lasted')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {calls.map((call) => {
              const { way, other } = remembered(call, own)
              const talked = secondsBetween(call.answered, call.ended)
              return (
                <Table.Tr key={call.id}>
                  <Table.Td>{dateTime(call.started)}</Table.Td>
                  <Table.Td>{other || t('me.withheld')}</Table.Td>
                  <Table.Td fw={way === 'missed' ? 600 : undefined}>{t(`me.${way}`)}</Table.Td>
                  <Table.Td ta="right">{talked === null ? '—' : duration(talked)}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
    </Stack>
  )
}
