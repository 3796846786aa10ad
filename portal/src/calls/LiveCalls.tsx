import { Badge, Button, Card, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
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
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
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
          {narrow ? (
            <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
              {calls.map((call) => (
                <OnPhone key={call.id} account={account} call={call} mayEnd={mayEnd} />
              ))}
            </Stack>
          ) : (
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
          )}
        </>
      )}
    </Stack>
  )
}

interface Of {
  account: number
  call: LiveCall
  mayEnd: boolean
}

function Row({ account, call, mayEnd }: Of) {
  const { t } = useTranslation()
  const { caller, called, with: other } = useParties(account, call)
  return (
    <Table.Tr>
      <Table.Td>
        {caller}
        <Text size="xs" c="dimmed">
          {t(`calls.directions.${call.direction}`)}
        </Text>
      </Table.Td>
      <Table.Td>{called}</Table.Td>
      <Table.Td>
        <State call={call} />
      </Table.Td>
      <Table.Td>{other}</Table.Td>
      <Table.Td>{timeOfDay(call.started)}</Table.Td>
      <Table.Td>
        <Lasting call={call} />
      </Table.Td>
      {mayEnd && (
        <Table.Td ta="right">
          <HangUp account={account} call={call} />
        </Table.Td>
      )}
    </Table.Tr>
  )
}

/** Where there is no room for a table: all of a call, one below the other. */
function OnPhone({ account, call, mayEnd }: Of) {
  const { t } = useTranslation()
  const { caller, called, with: other } = useParties(account, call)
  return (
    <Card withBorder padding="sm" component="li">
      <Group justify="space-between" gap="xs">
        <State call={call} />
        <Text size="sm">
          <Lasting call={call} />
        </Text>
      </Group>
      <Text fw={600} mt={4}>
        {caller} → {called}
      </Text>
      <Text size="sm" c="dimmed">
        {t(`calls.directions.${call.direction}`)} · {t('calls.started')} {timeOfDay(call.started)}
      </Text>
      {other && (
        <Text size="sm">
          {t('calls.with')} {other}
        </Text>
      )}
      {mayEnd && (
        <div style={{ marginTop: 8 }}>
          <HangUp account={account} call={call} />
        </div>
      )}
    </Card>
  )
}

/** Who is in a call, by name as far as a name is known. */
function useParties(account: number, call: LiveCall) {
  const { t } = useTranslation()
  const nameOf = useNameOf(account)
  const from = nameOf(call.caller)
  const caller = from === telephone(call.caller) && call.caller_name ? `${from} ${call.caller_name}` : from
  return { caller: caller || t('records.anonymous'), called: nameOf(call.called), with: nameOf(call.answered_by ?? '') }
}

function State({ call: { state } }: { call: LiveCall }) {
  const { t } = useTranslation()
  return (
    <Badge variant="dot" color={COLOURS[state]} tt="none">
      {t(`calls.states.${state}`)}
    </Badge>
  )
}

function Lasting({ call }: { call: LiveCall }) {
  const now = useNow()
  return duration((now - Date.parse(call.answered ?? call.started)) / 1000)
}

function HangUp({ account, call }: { account: number; call: LiveCall }) {
  const { t } = useTranslation()
  const { caller, called } = useParties(account, call)
  const end = useMutation({
    mutationFn: () =>
      got(api.DELETE('/api/v1/accounts/{account}/calls/{call}', { params: { path: { account, call: call.id } } })),
    onSuccess: () => tellDone(t('calls.hungUp')),
    onError: (problem) => {
      if (!(problem instanceof Refused && problem.problem.status === 404)) tell(problem, t) // else it was over already
    },
  })
  const ask = () =>
    confirm(t, {
      title: t('calls.hangUpWhat', { caller, called }),
      text: t('calls.hangUpSure'),
      does: t('calls.hangUp'),
      onYes: () => end.mutate(),
    })
  return (
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
  )
}
