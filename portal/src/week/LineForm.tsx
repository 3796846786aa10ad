import { Button, Chip, Group, Paper, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { ClockInput } from './ClockInput'
import { endsNextDay, type Line, type Weekday, WEEKDAYS } from './week'
import { dayName } from './when'

interface Props<L extends Line> {
  line: L
  isNew: boolean
  /** What is wrong with its times, by JSON pointer. */
  problems: Record<string, string>
  onChange: (line: L) => void
  onRemove: () => void
  onClose: () => void
  /** Fields for what counts at these times. */
  children: ReactNode
}

/** One line of the week, exactly: whatever a hand can do in the picture, and to the minute. */
export function LineForm<L extends Line>({ line, isNew, problems, onChange, onRemove, onClose, children }: Props<L>) {
  const { t } = useTranslation()
  const days = WEEKDAYS.map((day) => ({ value: day, label: dayName(day, language()) }))

  function changeForm(form: string) {
    if (form === 'days') onChange({ ...line, days: [line.start_day ?? 'monday'], start_day: null, end_day: null })
    else onChange({ ...line, days: null, start_day: line.days?.[0] ?? 'monday', end_day: line.days?.at(-1) ?? 'friday' })
  }

  const clock = (name: 'start' | 'end') => (
    <ClockInput
      label={t(`week.${name}`)}
      value={line[name]}
      error={problems[`/${name}`]}
      description={name === 'end' && endsNextDay(line) ? t('week.nextDay') : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(clock) => onChange({ ...line, [name]: clock })}
      w={150}
    />
  )
  const day = (name: 'start_day' | 'end_day') => (
    <Select
      label={t(`week.${name}`)}
      data={days}
      value={line[name]}
      allowDeselect={false}
      error={problems[`/${name}`]}
      onChange={(value) => onChange({ ...line, [name]: value as Weekday })}
      w={150}
    />
  )

  return (
    <Paper withBorder p="md" component="section" aria-label={t('week.entry')}>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {t(isNew ? 'week.newEntry' : 'week.entry')}
        </Title>
        {problems[''] && (
          <Text size="sm" c="red" role="alert">
            {problems['']}
          </Text>
        )}
        {children}
        <Group align="flex-end">
          <SegmentedControl
            aria-label={t('week.form')}
            value={line.days === null ? 'period' : 'days'}
            onChange={changeForm}
            data={[
              { value: 'days', label: t('week.perDay') },
              { value: 'period', label: t('week.perPeriod') },
            ]}
          />
        </Group>
        {line.days === null ? (
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
              value={line.days}
              onChange={(chosen) => onChange({ ...line, days: inOrder(chosen as Weekday[]) })}
            >
              <Group gap="xs" role="group" aria-label={t('week.days')}>
                {days.map(({ value, label }) => (
                  <Chip key={value} value={value}>
                    {label}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            {(line.days.length === 0 || problems['/days']) && (
              <Text size="sm" c="red" role="alert">
                {problems['/days'] ?? t('week.noDays')}
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
            {t('week.removeEntry')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function inOrder(days: Weekday[]): Weekday[] {
  return WEEKDAYS.filter((day) => days.includes(day))
}
