import { Button, Group, SegmentedControl, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { Dialog } from '../parts/Dialog'
import { type Weekday, WEEKDAYS } from '../week/week'
import { dayName } from '../week/when'
import { type ExpectationIn, PEOPLE, readAt } from './expectations'
import { OutcomeInput } from './OutcomeInput'
import { PartyInput } from './PartyInput'

interface Props {
  account: number
  title: string
  expectation: ExpectationIn
  problems: Record<string, string>
  busy: boolean
  onClose: () => void
  onSave: (expectation: ExpectationIn) => void
}

/** A call, and what it must come to. */
export function ExpectationForm({ account, title, expectation, problems, busy, onClose, onSave }: Props) {
  const { t } = useTranslation()
  const [it, setIt] = useState(expectation)
  const change = (part: Partial<ExpectationIn>) => setIt({ ...it, ...part })
  return (
    <Dialog opened onClose={onClose} title={title} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSave(it)
        }}
      >
        <Stack>
          <TextInput
            label={t('expectations.name')}
            required
            data-autofocus
            error={problems['/name']}
            value={it.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <AtInput at={it.at} problem={problems['/at']} onChange={(at) => change({ at })} />
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <PartyInput
              account={account}
              label={t('expectations.caller')}
              description={t('expectations.callerAbout')}
              required
              error={problems['/caller']}
              value={it.caller}
              onChange={(caller) => change({ caller })}
            />
            <PartyInput
              account={account}
              numbers
              label={t('expectations.called')}
              required
              error={problems['/called']}
              value={it.called}
              onChange={(called) => change({ called })}
            />
          </Group>
          <TagsInput
            label={t('expectations.choices')}
            description={t('expectations.choicesAbout')}
            allowDuplicates
            error={Object.entries(problems).find(([field]) => field.startsWith('/choices'))?.[1]}
            value={it.choices ?? []}
            onChange={(choices) => change({ choices })}
          />
          <Select
            label={t('expectations.people')}
            data={PEOPLE.map((people) => ({ value: people, label: t(`expectations.peopleDo.${people}`) }))}
            value={it.people}
            allowDeselect={false}
            onChange={(people) => people && change({ people: people as ExpectationIn['people'] })}
          />
          <OutcomeInput account={account} outcome={it.outcome} problems={problems} onChange={(outcome) => change({ outcome })} />
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

function AtInput({ at, problem, onChange }: { at: string; problem?: string; onChange: (at: string) => void }) {
  const { t } = useTranslation()
  const { day, time, date } = readAt(at)
  return (
    <Group align="flex-end">
      <SegmentedControl
        aria-label={t('expectations.when')}
        value={day === null ? 'date' : 'week'}
        onChange={(form) =>
          onChange(form === 'week' ? `monday ${date.slice(11, 16) || '10:00'}` : `${nextYear()}-12-25 ${time.slice(0, 5)}`)
        }
        data={[
          { value: 'week', label: t('expectations.weekly') },
          { value: 'date', label: t('expectations.dated') },
        ]}
      />
      {day === null ? (
        <TextInput
          type="datetime-local"
          label={t('expectations.when')}
          required
          error={problem}
          value={date}
          onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value.replace('T', ' '))}
        />
      ) : (
        <>
          <Select
            label={t('expectations.day')}
            data={WEEKDAYS.map((it) => ({ value: it, label: dayName(it, language()) }))}
            value={day}
            allowDeselect={false}
            onChange={(chosen) => onChange(`${chosen as Weekday} ${time}`)}
            w={150}
          />
          <TextInput
            type="time"
            label={t('expectations.time')}
            error={problem}
            value={time}
            onChange={(event) => event.currentTarget.value && onChange(`${day} ${event.currentTarget.value}`)}
            w={120}
          />
        </>
      )}
    </Group>
  )
}

function nextYear(): number {
  return new Date().getFullYear() + 1
}
