import { Button, Card, Group, Select, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { language } from '../i18n/words'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { planName, type TabProps, useRefresh } from './data'
import { chosenByHand, tonight, type Until, untilOf } from './byHand'
import { useMinute } from '../week/useMinute'
import { wallAt, wallWords } from '../week/when'

interface Choice {
  plan: number | null
  until: string | null
}

/** Chooses the plan by hand, for good or for a while, and lets go of it again (NP-3, NP-8). */
export function Override({ account, schema: { value: schema }, zone }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const now = wallAt(useMinute(), zone)
  const [plan, setPlan] = useState<string | null>(null)
  const [lasts, setLasts] = useState<Until>('always')
  const [time, setTime] = useState(() => tonight(now))
  const change = useChange({
    run: ({ plan, until }: Choice, despite_expectations) =>
      got(
        api.PUT('/api/v1/accounts/{account}/schemas/{schema}/override', {
          params: { path: { account, schema: schema.number }, query: { despite_expectations } },
          body: { plan, until },
        }),
      ),
    onDone: () => {
      setPlan(null)
      refresh()
      tellDone(t('told.saved'))
    },
  })
  const byHand = chosenByHand(schema, now)
  const wanted = plan === null ? (byHand?.plan ?? null) : Number(plan)
  const same = byHand !== null && wanted === byHand.plan && lasts === 'always' && byHand.until === null
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="override">
      <Title order={2} size="h4" id="override">
        {t('plans.reasons.override')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('plans.override.about')}
      </Text>
      {byHand && (
        <Group justify="space-between" mb="sm" role="status">
          <Text fw={600}>
            {planName(schema.plans, byHand.plan)}
            {', '}
            {byHand.until === null ? t('plans.override.always') : t('plans.until', { when: wallWords(byHand.until, language()) })}
          </Text>
          <Button variant="light" color="red" loading={change.busy} onClick={() => change.start({ plan: null, until: null })}>
            {t('plans.override.clear')}
          </Button>
        </Group>
      )}
      <Group align="flex-end">
        <Select
          label={t('plans.plan')}
          placeholder={t('form.choose')}
          data={schema.plans.map((it) => ({ value: String(it.number), label: planName(schema.plans, it.number) }))}
          value={wanted === null ? null : String(wanted)}
          onChange={setPlan}
          allowDeselect={false}
          flex={1}
          miw={160}
          maw={300}
        />
        <Select
          label={t('plans.override.lasts')}
          data={(['always', 'change', 'time'] as const).map((value) => ({ value, label: t(`plans.override.until_${value}`) }))}
          value={lasts}
          onChange={(chosen) => setLasts(chosen ?? 'always')}
          allowDeselect={false}
          flex={1}
          miw={180}
          maw={300}
        />
        {lasts === 'time' && (
          <TextInput
            type="datetime-local"
            label={t('plans.override.time')}
            description={t('plans.override.clock', { zone })}
            value={time}
            min={now.slice(0, 16)}
            onChange={(event) => setTime(event.currentTarget.value)}
            error={change.fields['/until']}
            w={240}
          />
        )}
        <Button
          disabled={wanted === null || same || (lasts === 'time' && time === '')}
          loading={change.busy}
          onClick={() => change.start({ plan: wanted, until: untilOf(lasts, time) })}
        >
          {t('plans.override.set')}
        </Button>
      </Group>
      {change.dialog}
    </Card>
  )
}
