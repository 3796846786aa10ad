import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../parts/Dialog'
import { type Plan, planName } from './data'
import type { HolidayLine } from './tables'
import { wallDate } from '../week/when'

interface Props {
  line: HolidayLine
  plans: Plan[]
  busy: boolean
  /** What the exchange found wrong, by JSON pointer. */
  problems: Record<string, string>
  onClose: () => void
  onSave: (line: HolidayLine) => void
}

/** A holiday: what it is called, from when to when on the customer's clock, and which plan counts then. */
export function HolidayForm({ line: before, plans, busy, problems, onClose, onSave }: Props) {
  const { t } = useTranslation()
  const [line, setLine] = useState(before)
  const backwards = line.start !== '' && line.end !== '' && wallDate(line.end) <= wallDate(line.start)
  const told = (field: string) => Object.entries(problems).find(([pointer]) => pointer.endsWith(`/${field}`))?.[1]
  const moment = (field: 'start' | 'end', error?: string) => (
    <TextInput
      type="datetime-local"
      label={t(`plans.holidays.${field}`)}
      required
      value={line[field].replace(' ', 'T')}
      error={error}
      onChange={(event) => setLine({ ...line, [field]: event.currentTarget.value.replace('T', ' ') })}
      flex="1 1 200px"
    />
  )
  return (
    <Dialog opened onClose={onClose} title={t(line.id === null ? 'plans.holidays.new' : 'plans.holidays.one')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!backwards) onSave(line)
        }}
      >
        <Stack>
          <TextInput
            label={t('plans.holidays.description')}
            required
            data-autofocus
            maxLength={100}
            value={line.description}
            error={told('description')}
            onChange={(event) => setLine({ ...line, description: event.currentTarget.value })}
          />
          <Group align="flex-start">
            {moment('start', told('start'))}
            {moment('end', backwards ? t('plans.holidays.backwards') : told('end'))}
          </Group>
          <Text size="sm" c="dimmed">
            {t('plans.holidays.endAbout')}
          </Text>
          <Select
            label={t('plans.plan')}
            data={plans.map((plan) => ({ value: String(plan.number), label: planName(plans, plan.number) }))}
            value={String(line.plan)}
            allowDeselect={false}
            error={told('plan')}
            onChange={(plan) => setLine({ ...line, plan: Number(plan) })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {t('actions.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
