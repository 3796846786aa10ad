import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, type Versioned } from '../api/client'
import { language } from '../i18n/words'
import { tellDone } from '../parts/problems'
import { Unsaved } from '../parts/Unsaved'
import { useMergedSave } from '../parts/useMergedSave'
import { planName, readSchema, useRefresh } from './data'
import { EntryForm } from './EntryForm'
import { EntryTable } from './EntryTable'
import { Legend } from './Legend'
import type { TabProps } from './data'
import { asTable, entriesOf, fromTable, lineOf, sent } from './tables'
import { useMinute } from './useMinute'
import { countsAt, type Entry, gapsOf, type Weekday, WEEKDAYS } from './week'
import { WeekPicture } from './WeekPicture'
import { entryWords, secondOfWeek, spanWords } from './when'

interface Draft {
  base: Versioned<ReturnType<typeof asTable>>
  entries: Entry[]
}

let made = 0

/** The weekly schedule: the picture, the table, and the warning for times without a plan (NP-4). */
export function WeekTab({ account, schema: { value: schema, etag }, zone, mayChange }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const now = secondOfWeek(useMinute(), zone)
  // Nothing changed yet: what the exchange has is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<Draft | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const stored = entriesOf(schema.schedule)
  const entries = draft?.entries ?? stored
  const words = { nextDay: t('plans.week.nextDay'), wholeWeek: t('plans.week.whole') }
  const inWords = (entry: Entry) => `${planName(schema.plans, entry.plan)}: ${entryWords(entry, language(), words)}`

  const saving = useMergedSave({
    read: async () => {
      const { value, etag } = await readSchema(account, schema.number)
      return { value: asTable(entriesOf(value.schedule)), etag }
    },
    write: (table, etag, despite_expectations) =>
      got(
        api.PUT('/api/v1/accounts/{account}/schemas/{schema}/schedule', {
          params: {
            path: { account, schema: schema.number },
            query: { despite_expectations },
            header: { 'if-match': etag },
          },
          body: { entries: fromTable<Entry>(table).map(sent) },
        }),
      ),
    onSaved: () => {
      setDraft(null)
      setChosen(null)
      refresh()
      tellDone(t('told.saved'))
    },
    name: () => t('plans.week.entry'),
    shown: (value) => inWords(lineOf<Entry>(value)),
  })

  function change(to: (entries: Entry[]) => Entry[]) {
    setDraft((old) => ({ base: old?.base ?? { value: asTable(stored), etag }, entries: to(old?.entries ?? stored) }))
  }
  const put = (changed: Entry) => change((all) => all.map((entry) => (entry.key === changed.key ? changed : entry)))
  const remove = (key: string) => change((all) => all.filter((entry) => entry.key !== key))

  function add(days: Weekday[], clocks: { start: string; end: string }) {
    const key = `new ${++made}`
    const plan = entries.find((entry) => entry.key === chosen)?.plan ?? schema.plans[0]?.number
    if (plan === undefined) return
    change((all) => [...all, { key, id: null, plan, days, ...clocks, start_day: null, end_day: null }])
    setChosen(key)
  }

  if (schema.plans.length === 0) return <Text c="dimmed">{t('plans.week.noPlans')}</Text>
  const open = entries.find((entry) => entry.key === chosen)
  const gaps = schema.standing === null ? gapsOf(entries) : []
  const sentAs = fromTable<Entry>(asTable(entries)).findIndex((entry) => entry.key === chosen)
  return (
    <Stack>
      {schema.override != null && <Alert>{t('plans.week.overridden', { plan: planName(schema.plans, schema.override) })}</Alert>}
      <Text size="sm">{t(mayChange ? 'plans.week.how' : 'plans.week.look')}</Text>
      <Legend plans={schema.plans} standing={schema.standing ?? null} gaps={gaps.length > 0} />
      <WeekPicture
        entries={entries}
        plans={schema.plans}
        standing={schema.standing ?? null}
        now={now}
        chosen={chosen}
        fixed={!mayChange}
        onChoose={setChosen}
        onChange={put}
        onRemove={remove}
        onDraw={(day, clocks) => add([WEEKDAYS[day]!], clocks)}
      />
      {gaps.length > 0 && (
        <Alert
          color="orange"
          variant="outline"
          icon={<IconAlertTriangle aria-hidden />}
          title={
            <Text span inherit c="light-dark(#8a2f05, var(--mantine-color-orange-3))">
              {t('plans.week.gaps')}
            </Text>
          }
        >
          <List size="sm">
            {gaps.map((gap) => (
              <List.Item key={gap.from}>{spanWords(gap, language(), t('plans.week.whole'))}</List.Item>
            ))}
          </List>
          <Text size="sm" mt="xs">
            {t('plans.week.gapsAdvice')}
          </Text>
        </Alert>
      )}
      {mayChange && (
        <Group
          pos={draft === null ? undefined : 'sticky'}
          bottom={0}
          py="xs"
          bg="var(--mantine-color-body)"
          style={{ zIndex: 6 }}
        >
          <Button variant="light" onClick={() => add(WEEKDAYS.slice(0, 5), { start: '09:00', end: '17:00' })}>
            {t('plans.week.newEntry')}
          </Button>
          {draft !== null && (
            <>
              <Button
                loading={saving.busy}
                disabled={entries.some((entry) => entry.days?.length === 0)}
                onClick={() => saving.save(draft.base, asTable(entries))}
              >
                {t('actions.save')}
              </Button>
              <Button variant="default" onClick={() => setDraft(null)}>
                {t('plans.discard')}
              </Button>
              <Text size="sm">{t('told.unsaved')}</Text>
            </>
          )}
        </Group>
      )}
      {open && mayChange && (
        <EntryForm
          key={open.key}
          entry={open}
          plans={schema.plans}
          problems={below(saving.fields, `/entries/${sentAs}`)}
          onChange={put}
          onRemove={() => remove(open.key)}
          onClose={() => setChosen(null)}
        />
      )}
      <EntryTable
        entries={entries}
        plans={schema.plans}
        running={countsAt(entries, now)?.key ?? null}
        chosen={chosen}
        fixed={!mayChange}
        onChoose={setChosen}
        onRemove={remove}
      />
      <Text size="sm" c="dimmed">
        {t('plans.week.rule')}
      </Text>
      {saving.dialog}
      <Unsaved when={draft !== null} />
    </Stack>
  )
}

function below(fields: Record<string, string>, pointer: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => field.startsWith(`${pointer}/`))
      .map(([field, message]) => [field.slice(pointer.length), message]),
  )
}
