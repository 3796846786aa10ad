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
import { inWords, tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { useRefresh } from '../plans/data'
import { PlansHead } from '../plans/PlansHead'
import { ExpectationCard } from './ExpectationCard'
import { ExpectationForm } from './ExpectationForm'
import { ExpectationEditor } from './ExpectationEditor'
import { type Expectation, type ExpectationIn, outcomeWith, useExpectations, useVerdicts } from './expectations'

const FRESH: ExpectationIn = {
  name: '',
  at: 'monday 10:00',
  caller: '',
  called: '',
  choices: [],
  people: 'answer',
  outcome: outcomeWith('reaches', ''),
}

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
  return (
    <Stack>
      <PlansHead account={account}>
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
      {expectations.data?.map((expectation) => (
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
