import { Button, Card, Group, Select, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { planName, type TabProps, useRefresh } from './data'

/** Chooses the plan by hand, and lets go of it again (NP-3). */
export function Override({ account, schema: { value: schema } }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const [plan, setPlan] = useState<string | null>(null)
  const change = useChange({
    run: (chosen: number | null, despite_expectations) =>
      got(
        api.PUT('/api/v1/accounts/{account}/schemas/{schema}/override', {
          params: { path: { account, schema: schema.number }, query: { despite_expectations } },
          body: { plan: chosen },
        }),
      ),
    onDone: () => {
      setPlan(null)
      refresh()
      tellDone(t('told.saved'))
    },
  })
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="override">
      <Title order={2} size="h4" id="override">
        {t('plans.reasons.override')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('plans.override.about')}
      </Text>
      <Group align="flex-end">
        <Select
          label={t('plans.plan')}
          placeholder={t('form.choose')}
          data={schema.plans.map((it) => ({ value: String(it.number), label: planName(schema.plans, it.number) }))}
          value={plan ?? (schema.override ? String(schema.override) : null)}
          onChange={setPlan}
          allowDeselect={false}
          flex={1}
          miw={160}
          maw={300}
        />
        <Button
          disabled={plan === null || Number(plan) === schema.override}
          loading={change.busy}
          onClick={() => change.start(Number(plan))}
        >
          {t('plans.override.set')}
        </Button>
        {schema.override != null && (
          <Button variant="light" color="red" loading={change.busy} onClick={() => change.start(null)}>
            {t('plans.override.clear')}
          </Button>
        )}
      </Group>
      {change.dialog}
    </Card>
  )
}
