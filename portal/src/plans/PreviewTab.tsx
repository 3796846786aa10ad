import { Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { colourOf } from './colours'
import { type Plan, planName, type TabProps, usePreview } from './data'
import { DayRows, placed } from '../week/DayRows'
import { Legend } from '../week/Legend'
import looks from '../week/picture.module.css'
import { type DayPart, previewDays } from './preview'
import { REASONS } from './reasons'
import { useMinute } from '../week/useMinute'
import { clockOf, DAY } from '../week/week'
import { dateWords, momentWords, secondOfWeek, wallAt } from '../week/when'

/** Which plan will be active when in the next 14 days, as a picture and as a list (NP-10). */
export function PreviewTab({ account, schema: { value: schema }, zone }: TabProps) {
  const { t } = useTranslation()
  const now = useMinute()
  const stretches = usePreview(account, schema.number).data?.stretches
  if (stretches === undefined) return <Skeleton h={400} />
  const today = wallAt(now, zone).slice(0, 10)
  const second = secondOfWeek(now, zone) % DAY
  const reason = (by: string) => t(`plans.reasons.${REASONS[by] ?? 'nothing'}`)
  const name = (plan: number | null | undefined) => (plan == null ? t('plans.noPlan') : planName(schema.plans, plan))
  return (
    <Stack>
      <Legend
        marks={[
          ...schema.plans.map((plan) => ({ look: colourOf(schema.plans, plan.number), words: name(plan.number) })),
          { look: looks.running, words: t('week.running') },
          ...(stretches.some((stretch) => stretch.plan === null) ? [{ look: looks.gap, words: t('plans.week.gap') }] : []),
        ]}
      />
      <DayRows
        dated
        label={t('plans.tabs.preview')}
        now={second}
        rows={previewDays(stretches).map(({ date, parts }) => ({
          key: date,
          label: dateWords(date, language()),
          today: date === today,
          children: parts.map((part) => (
            <span
              key={part.from}
              role="img"
              className={`${looks.block} ${look(schema.plans, part)} ${date === today && part.from <= second && second < part.to ? looks.running : ''}`}
              style={placed(part)}
              title={words(part)}
              aria-label={`${dateWords(date, language())}, ${words(part)}`}
            >
              {part.stretch.plan === null ? t('plans.week.gap') : name(part.stretch.plan)}
              {part.stretch.plan !== null && part.stretch.chosen_by !== 'weekly schedule' && (
                <span className={looks.wide}> · {reason(part.stretch.chosen_by)}</span>
              )}
            </span>
          )),
        }))}
      />
      <Title order={2} size="h4">
        {t('plans.preview.list')}
      </Title>
      <Table.ScrollContainer minWidth={300} type="native" tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('plans.preview.from')}</Table.Th>
              <Table.Th>{t('plans.plan')}</Table.Th>
              <Table.Th>{t('plans.preview.why')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stretches.map((stretch) => (
              <Table.Tr key={stretch.start}>
                <Table.Td>{momentWords(stretch.start, zone, language())}</Table.Td>
                <Table.Td>{name(stretch.plan)}</Table.Td>
                <Table.Td>{reason(stretch.chosen_by)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">
        {t('plans.preview.about', { zone })}
      </Text>
    </Stack>
  )

  function words({ from, to, stretch }: DayPart): string {
    return `${clockOf(from)}–${to === DAY ? '24:00' : clockOf(to)} ${name(stretch.plan)} (${reason(stretch.chosen_by)})`
  }
}

function look(plans: Plan[], { stretch }: DayPart): string | undefined {
  return stretch.plan === null ? looks.gap : colourOf(plans, stretch.plan)
}
