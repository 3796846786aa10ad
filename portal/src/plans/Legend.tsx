import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { colourOf } from './colours'
import { type Plan, planName } from './data'
import looks from './picture.module.css'

/** Which look stands for what. */
export function Legend({ plans, standing, gaps }: { plans: Plan[]; standing: number | null; gaps: boolean }) {
  const { t } = useTranslation()
  return (
    <Group gap="md">
      {plans.map((plan) => (
        <Mark key={plan.number} look={colourOf(plans, plan.number)} words={planName(plans, plan.number)} />
      ))}
      <Mark look={looks.running} words={t('plans.week.running')} />
      {standing !== null && (
        <Mark look={looks.standing} words={t('plans.week.byStanding', { name: planName(plans, standing) })} />
      )}
      {gaps && <Mark look={looks.gap} words={t('plans.week.gap')} />}
    </Group>
  )
}

function Mark({ look, words }: { look: string | undefined; words: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span className={`${looks.swatch} ${look}`} aria-hidden />
      <Text size="sm">{words}</Text>
    </Group>
  )
}
