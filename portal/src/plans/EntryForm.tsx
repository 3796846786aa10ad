import { Button, Chip, Group, Paper, SegmentedControl, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import type { Plan } from './data'
import { endsNextDay, type Entry, type Weekday, WEEKDAYS } from './week'
import { dayName } from './when'

interface Props {
  entry: Entry
  plans: Plan[]
  problems: Record<string, string>
  onChange: (entry: Entry) => void
  onRemove: () => void
  onClose: () => void
}

/** One entry of the week, exactly: whatever a hand can do in the picture, and to the minute. */
export function EntryForm({ entry, plans, problems, onChange, onRemove, onClose }: Props) {
  const { t } = useTranslation()
  const days = WEEKDAYS.map((day) => ({ value: day, label: dayName(day, language()) }))

  function changeForm(form: string) {
    if (form === 'days') onChange({ ...entry, days: [entry.start_day ?? 'monday'], start_day: null, end_day: null })
    else onChange({ ...entry, days: null, start_day: entry.days?.[0] ?? 'monday', end_day: entry.days?.at(-1) ?? 'friday' })
  }

  const clock = (name: 'start' | 'end') => (
    <TextInput
      type="time"
      label={t(`plans.week.${name}`)}
      value={entry[name]}
      error={problems[`/${name}`]}
      description={name === 'end' && endsNextDay(entry) ? t('plans.week.nextDay') : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(event) => event.currentTarget.value && onChange({ ...entry, [name]: event.currentTarget.value })}
      w={130}
    />
  )
  const day = (name: 'start_day' | 'end_day') => (
    <Select
      label={t(`plans.week.${name}`)}
      data={days}
      value={entry[name]}
      allowDeselect={false}
      error={problems[`/${name}`]}
      onChange={(value) => onChange({ ...entry, [name]: value as Weekday })}
      w={150}
    />
  )

  return (
    <Paper withBorder p="md" component="section" aria-label={t('plans.week.entry')}>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {entry.id === null ? t('plans.week.newEntry') : t('plans.week.entry')}
        </Title>
        <Group align="flex-end">
          <Select
            label={t('plans.plan')}
            data={plans.map((plan) => ({ value: String(plan.number), label: `${plan.number} ${plan.name}` }))}
            value={String(entry.plan)}
            allowDeselect={false}
            error={problems['/plan']}
            onChange={(plan) => onChange({ ...entry, plan: Number(plan) })}
            w={240}
          />
          <SegmentedControl
            aria-label={t('plans.week.form')}
            value={entry.days === null ? 'period' : 'days'}
            onChange={changeForm}
            data={[
              { value: 'days', label: t('plans.week.perDay') },
              { value: 'period', label: t('plans.week.perPeriod') },
            ]}
          />
        </Group>
        {entry.days === null ? (
          <Group align="flex-start">
            {day('start_day')}
            {clock('start')}
            {day('end_day')}
            {clock('end')}
          </Group>
        ) : (
          <>
            <Chip.Group
              multiple
              value={entry.days}
              onChange={(chosen) => onChange({ ...entry, days: inOrder(chosen as Weekday[]) })}
            >
              <Group gap="xs" role="group" aria-label={t('plans.week.days')}>
                {days.map(({ value, label }) => (
                  <Chip key={value} value={value}>
                    {label}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            {(entry.days.length === 0 || problems['/days']) && (
              <Text size="sm" c="red" role="alert">
                {problems['/days'] ?? t('plans.week.noDays')}
              </Text>
            )}
            <Group align="flex-start">
              {clock('start')}
              {clock('end')}
            </Group>
          </>
        )}
        <Group>
          <Button variant="default" onClick={onClose}>
            {t('actions.close')}
          </Button>
          <Button variant="light" color="red" onClick={onRemove}>
            {t('plans.week.removeEntry')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function inOrder(days: Weekday[]): Weekday[] {
  return WEEKDAYS.filter((day) => days.includes(day))
}
