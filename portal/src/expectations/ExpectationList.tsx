import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import '../i18n/parts/expectations'
import { ListExport } from '../parts/list'
import { OrderSelect } from '../parts/OrderSelect'
import { inWords, tellDone } from '../parts/problems'
import { sorted } from '../parts/sorted'
import { useChange } from '../parts/useChange'
import { useNameOf } from '../parts/useNameOf'
import { useRefresh } from '../plans/data'
import { PlansHead } from '../plans/PlansHead'
import { ExpectationCard } from './ExpectationCard'
import { ExpectationForm } from './ExpectationForm'
import { ExpectationEditor } from './ExpectationEditor'
import {
  callWords,
  type Expectation,
  type ExpectationIn,
  outcomeWith,
  outcomeWords,
  useExpectations,
  useVerdicts,
  type Verdict,
} from './expectations'

const FRESH: ExpectationIn = {
  name: '',
  at: 'monday 10:00',
  caller: '',
  called: '',
  choices: [],
  people: 'answer',
  outcome: outcomeWith('reaches', ''),
}

/** By what they can stand: when they were made, their name, and those first that do not hold. */
const ORDERS = ['made', 'name', 'state'] as const
type Order = (typeof ORDERS)[number]

/** What calls must come to, and whether they do now (NP-10). */
export function ExpectationList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const mayChange = isAtLeast(usePerson(), 'account')
  const refresh = useRefresh(account)
  const expectations = useExpectations(account)
  const verdicts = useVerdicts(account)
  // A call that was just explained can be kept: it comes along from there.
  const given = (useLocation().state as { expectation?: Partial<ExpectationIn> } | null)?.expectation
  const [making, setMaking] = useState<ExpectationIn | null>(given ? { ...FRESH, ...given } : null)
  const [open, setOpen] = useState<{ value: Expectation; etag: string } | null>(null)
  const make = useChange({
    run: (body: ExpectationIn) =>
      got(api.POST('/api/v1/accounts/{account}/expectations', { params: { path: { account } }, body })),
    onDone: () => {
      setMaking(null)
      refresh()
      tellDone(t('expectations.saved'))
    },
  })
  const edit = useChange({
    run: (expectation: number) =>
      gotVersion(
        api.GET('/api/v1/accounts/{account}/expectations/{expectation}', { params: { path: { account, expectation } } }),
      ),
    onDone: setOpen,
  })
  const found = new Map(verdicts.data?.verdicts.map((verdict) => [verdict.id, verdict]))
  const broken = verdicts.data?.verdicts.filter((verdict) => !verdict.holds).length ?? 0
  const nameOf = useNameOf(account)
  const [order, setOrder] = useState<Order>('made')
  const by = {
    made: (it: Expectation) => it.id,
    name: (it: Expectation) => it.name,
    state: (it: Expectation) => Number(found.get(it.id)?.holds ?? true),
  }
  const stateOf = (verdict: Verdict | undefined) => verdict && t(verdict.holds ? 'expectations.holds' : 'expectations.broken')
  const list = {
    rows: sorted(expectations.data ?? [], by[order], false),
    columns: [
      { title: t('expectations.name'), of: (it: Expectation) => it.name },
      { title: t('expectations.theCall'), of: (it: Expectation) => callWords(it, nameOf, t) },
      { title: t('expectations.then'), of: (it: Expectation) => outcomeWords(it, nameOf, t) },
      { title: t('expectations.state'), of: (it: Expectation) => stateOf(found.get(it.id)) },
      { title: t('expectations.now'), of: (it: Expectation) => found.get(it.id)?.found },
    ],
  }
  return (
    <Stack>
      <PlansHead account={account}>
        <ListExport list={list} name="expectations" />
        <Button variant="default" loading={verdicts.isFetching} onClick={() => void verdicts.refetch()}>
          {t('expectations.runAll')}
        </Button>
        {mayChange && <Button onClick={() => setMaking(FRESH)}>{t('expectations.new')}</Button>}
      </PlansHead>
      <Text c="dimmed" maw={720}>
        {t('expectations.about')}
      </Text>
      {verdicts.error && <Alert color="red">{inWords(verdicts.error, t)}</Alert>}
      {expectations.isPending && <Skeleton h={160} />}
      {expectations.data?.length === 0 && <Text>{t('expectations.none')}</Text>}
      {verdicts.data && verdicts.data.verdicts.length > 0 && (
        <Group gap="xs" role="status">
          {broken === 0 ? (
            <IconCircleCheck aria-hidden color="var(--mantine-color-green-8)" />
          ) : (
            <IconCircleX aria-hidden color="var(--mantine-color-red-7)" />
          )}
          <Text fw={600}>
            {broken === 0 ? t('expectations.allHold', { count: found.size }) : t('expectations.someBroken', { count: broken })}
          </Text>
        </Group>
      )}
      {list.rows.length > 1 && (
        <OrderSelect
          orders={ORDERS.map((value) => ({ value, label: t(`expectations.orders.${value}`) }))}
          value={order}
          onChange={setOrder}
        />
      )}
      {list.rows.map((expectation) => (
        <ExpectationCard
          key={expectation.id}
          account={account}
          expectation={expectation}
          verdict={found.get(expectation.id)}
          mayChange={mayChange}
          onEdit={() => edit.start(expectation.id)}
        />
      ))}
      {making && (
        <ExpectationForm
          account={account}
          title={t('expectations.new')}
          expectation={making}
          problems={make.fields}
          busy={make.busy}
          onClose={() => setMaking(null)}
          onSave={make.start}
        />
      )}
      {open && <ExpectationEditor account={account} stored={open} onClose={() => setOpen(null)} />}
    </Stack>
  )
}
