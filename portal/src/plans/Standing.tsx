import { Card, Select, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { planName, type TabProps } from './data'
import { useSchemaFields } from './useSchemaFields'

/** The plan for whenever nothing else says otherwise (NP-4). */
export function Standing({ account, schema }: TabProps) {
  const { t } = useTranslation()
  const saving = useSchemaFields(account, schema)
  const { plans, standing } = schema.value
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="standing">
      <Title order={2} size="h4" id="standing">
        {t('plans.standing.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('plans.standing.about')}
      </Text>
      <Select
        aria-labelledby="standing"
        placeholder={t('plans.standing.none')}
        data={plans.map((it) => ({ value: String(it.number), label: planName(plans, it.number) }))}
        value={standing ? String(standing) : null}
        clearable
        clearButtonProps={{ 'aria-label': t('plans.standing.none') }}
        disabled={saving.busy}
        onChange={(plan) => saving.set({ standing: plan === null ? null : Number(plan) })}
        maw={300}
      />
      {saving.dialog}
    </Card>
  )
}
