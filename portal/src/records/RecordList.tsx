import { Alert, Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { useOnRecorded } from '../api/changes'
import { api, got } from '../api/client'
import { dateTime, duration, secondsBetween, telephone } from '../i18n/format'
import '../i18n/parts/calls'
import { LongExport } from '../parts/LongExport'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { WideTable } from '../parts/WideTable'
import { RecordFilters } from './RecordFilters'
import { filtersOf, type Outcome, queryOf, type RecordLine } from './records'

export const OUTCOME_COLOURS: Record<Outcome, string> = {
  answered: 'teal',
  picked_up: 'teal',
  served: 'grape',
  unanswered: 'orange',
  abandoned: 'yellow',
  refused: 'red',
  failed: 'red',
}

/** The columns of the file. */
const HEAD = ['when', 'caller', 'called', 'direction', 'outcome', 'answeredBy', 'rang', 'talked'] as const

/** The calls that are over, newest first unless asked otherwise; new ones come by themselves. */
export function RecordList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const nameOf = useNameOf(account)
  const [address, setAddress] = useSearchParams()
  const filters = filtersOf(address)
  const query = queryOf(filters)
  const page = (limit: number, after: string | undefined) =>
    got(
      api.GET('/api/v1/accounts/{account}/records', {
        params: { path: { account }, query: { ...query, limit, ...(after ? { after } : {}) } },
      }),
    )
  const list = useInfiniteQuery({
    queryKey: ['records', account, query],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(50, pageParam),
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
  useOnRecorded(() => {
    if ((list.data?.pages.length ?? 0) <= 1) void list.refetch() // who reads further down is not disturbed
  }, account)
  const records = list.data?.pages.flatMap((page) => page.items) ?? []

  return (
    <Stack>
      <PageHead title={t('records.title')}>
        <LongExport
          name="calls"
          head={HEAD.map((name) => t(`records.${name}`))}
          page={(after) => page(500, after)}
          row={(it) => [
            it.started,
            it.caller,
            it.called,
            t(`calls.directions.${it.direction}`),
            t(`records.outcomes.${it.outcome}`),
            it.answered_by,
            secondsBetween(it.ringing, it.answered ?? it.ended),
            secondsBetween(it.answered, it.ended),
          ]}
        />
      </PageHead>
      <RecordFilters
        value={filters}
        onChange={(changed) =>
          setAddress(Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== '')), { replace: true })
        }
      />
      {list.error && (
        <Alert color="red" role="alert">
          {inWords(list.error, t)}
        </Alert>
      )}
      {list.isPending ? (
        <Skeleton h={200} />
      ) : records.length === 0 ? (
        !list.error && <Text c="dimmed">{t('records.none')}</Text>
      ) : (
        <WideTable label={t('records.title')} minWidth={640}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('records.when')}</Table.Th>
                <Table.Th>{t('records.caller')}</Table.Th>
                <Table.Th>{t('records.called')}</Table.Th>
                <Table.Th>{t('records.outcome')}</Table.Th>
                <Table.Th>{t('records.answeredBy')}</Table.Th>
                <Table.Th ta="right">{t('records.talked')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.map((it) => (
                <Line key={it.id} account={account} record={it} nameOf={nameOf} />
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

function Line({ account, record, nameOf }: { account: number; record: RecordLine; nameOf: (number: string) => string }) {
  const { t } = useTranslation()
  const talked = secondsBetween(record.answered, record.ended)
  const caller = nameOf(record.caller)
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Link to={`/accounts/${account}/records/${record.id}`}>{dateTime(record.started)}</Link>
        <Text size="xs" c="dimmed">
          {t(`calls.directions.${record.direction}`)}
        </Text>
      </Table.Td>
      <Table.Td>
        {caller || t('records.anonymous')}
        {caller === telephone(record.caller) && record.caller_name && (
          <Text size="xs" c="dimmed">
            {record.caller_name}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{nameOf(record.called)}</Table.Td>
      <Table.Td>
        <Badge variant="dot" color={OUTCOME_COLOURS[record.outcome]} tt="none">
          {t(`records.outcomes.${record.outcome}`)}
        </Badge>
      </Table.Td>
      <Table.Td>{nameOf(record.answered_by ?? '')}</Table.Td>
      <Table.Td ta="right">{talked === null ? '–' : duration(talked)}</Table.Td>
    </Table.Tr>
  )
}
