import { Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconPhoneEnd } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useAccountId } from '../accounts/account'
import { api, got, Refused } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { duration, telephone, timeOfDay } from '../i18n/format'
import '../i18n/parts/calls'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { useNow } from '../parts/useNow'
import { WideTable } from '../parts/WideTable'
import type { LiveCall } from './feed'
import { useLive } from './liveFeed'
import { LiveState } from './LiveState'

const COLOURS: Record<LiveCall['state'], string> = { arriving: 'gray', served: 'grape', ringing: 'yellow', talking: 'teal' }

/** What runs now; it moves by itself. */
export function LiveCalls() {
  const { t } = useTranslation()
  const account = useAccountId()
  const mayEnd = isAtLeast(usePerson(), 'supervisor')
  const { value: running, state } = useLive(account)
  const calls = [...running.values()]
  return (
    <Stack>
      <PageHead title={t('calls.title')} about={t('calls.about')} />
      <LiveState state={state} />
      {state === 'connecting' && calls.length === 0 ? (
        <Skeleton h={120} />
      ) : calls.length === 0 ? (
        <Text c="dimmed">{t('calls.none')}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {t('calls.running', { count: calls.length })}
          </Text>
          <WideTable label={t('calls.title')} minWidth={640}>
            <Table highlightOnHover verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('calls.caller')}</Table.Th>
                  <Table.Th>{t('calls.called')}</Table.Th>
                  <Table.Th>{t('calls.state')}</Table.Th>
                  <Table.Th>{t('calls.with')}</Table.Th>
                  <Table.Th>{t('calls.started')}</Table.Th>
                  <Table.Th>{t('calls.since')}</Table.Th>
                  {mayEnd && <Table.Td />}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {calls.map((call) => (
                  <Row key={call.id} account={account} call={call} mayEnd={mayEnd} />
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </>
      )}
    </Stack>
  )
}

function Row({ account, call, mayEnd }: { account: number; call: LiveCall; mayEnd: boolean }) {
  const { t } = useTranslation()
  const nameOf = useNameOf(account)
  const now = useNow()
  const from = nameOf(call.caller)
  const caller = from === telephone(call.caller) && call.caller_name ? `${from} ${call.caller_name}` : from
  const called = nameOf(call.called)
  const end = useMutation({
    mutationFn: () =>
      got(api.DELETE('/api/v1/accounts/{account}/calls/{call}', { params: { path: { account, call: call.id } } })),
    onSuccess: () => tellDone(t('calls.hungUp')),
    onError: (problem) => {
      if (!(problem instanceof Refused && problem.problem.status === 404)) tell(problem, t) // else it was over already
    },
  })

  function ask() {
    confirm(t, {
      title: t('calls.hangUpWhat', { caller, called }),
      text: t('calls.hangUpSure'),
      does: t('calls.hangUp'),
      onYes: () => end.mutate(),
    })
  }

  return (
    <Table.Tr>
      <Table.Td>
        {caller || t('records.anonymous')}
        <Text size="xs" c="dimmed">
          {t(`calls.directions.${call.direction}`)}
        </Text>
      </Table.Td>
      <Table.Td>{called}</Table.Td>
      <Table.Td>
        <Badge variant="dot" color={COLOURS[call.state]} tt="none">
          {t(`calls.states.${call.state}`)}
        </Badge>
      </Table.Td>
      <Table.Td>{call.answered_by ?? ''}</Table.Td>
      <Table.Td>{timeOfDay(call.started)}</Table.Td>
      <Table.Td>{duration((now - Date.parse(call.answered ?? call.started)) / 1000)}</Table.Td>
      {mayEnd && (
        <Table.Td ta="right">
          <Button
            size="xs"
            variant="light"
            color="red"
            leftSection={<IconPhoneEnd size={16} aria-hidden />}
            loading={end.isPending}
            onClick={ask}
            aria-label={`${t('calls.hangUp')}: ${caller} – ${called}`}
          >
            {t('calls.hangUp')}
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  )
}
