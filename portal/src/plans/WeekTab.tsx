import { Alert, Button, List, Select, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, type Versioned } from '../api/client'
import { language } from '../i18n/words'
import { tellDone } from '../parts/problems'
import { Unsaved } from '../parts/Unsaved'
import { useMergedSave } from '../parts/useMergedSave'
import looks from '../week/picture.module.css'
import { useMinute } from '../week/useMinute'
import { gapsOf, type Span } from '../week/week'
import { WeekEditor } from '../week/WeekEditor'
import { secondOfWeek, spanWords, timesWords } from '../week/when'
import { colourOf } from './colours'
import { planName, readSchema, type TabProps, useRefresh } from './data'
import { asTable, entriesOf, type Entry, fromTable, lineOf, sent } from './tables'

interface Draft {
  base: Versioned<ReturnType<typeof asTable>>
  entries: Entry[]
}

let made = 0

/** The weekly schedule, and the warning for times without a plan (NP-4). */
export function WeekTab({ account, schema: { value: schema, etag }, zone, mayChange }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const now = secondOfWeek(useMinute(), zone)
  // Nothing changed yet: what the exchange has is shown, also when somebody else changes it.
  const [draft, setDraft] = useState<Draft | null>(null)
  const [saves, setSaves] = useState(0)
  const stored = entriesOf(schema.schedule)
  const entries = draft?.entries ?? stored
  const byStanding = t('plans.week.byStanding', { name: planName(schema.plans, schema.standing) })
  const inWords = (entry: Entry) => `${planName(schema.plans, entry.plan)}: ${timesWords(entry, language(), t)}`

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
      setSaves((before) => before + 1)
      refresh()
      tellDone(t('told.saved'))
    },
    name: () => t('week.entry'),
    shown: (value) => inWords(lineOf<Entry>(value)),
  })

  const change = (to: Entry[]) => setDraft((old) => ({ base: old?.base ?? { value: asTable(stored), etag }, entries: to }))

  const [first] = schema.plans
  if (first === undefined) return <Text c="dimmed">{t('plans.week.noPlans')}</Text>
  const standing = schema.standing ?? null
  const gaps = standing === null ? gapsOf(entries) : []
  const sentAs = fromTable<Entry>(asTable(entries))
  const problemsOf = ({ key }: Entry) => below(saving.fields, `/entries/${sentAs.findIndex((it) => it.key === key)}`)
  return (
    <Stack>
      {schema.override != null && <Alert>{t('plans.week.overridden', { plan: planName(schema.plans, schema.override) })}</Alert>}
      {!mayChange && <Text size="sm">{t('plans.week.look')}</Text>}
      <WeekEditor<Entry>
        key={saves} // once it is saved, nothing is chosen any more
        lines={entries}
        what={t('plans.plan')}
        shown={({ plan }) => ({ name: planName(schema.plans, plan), look: colourOf(schema.plans, plan) })}
        marks={[
          ...schema.plans.map(({ number }) => ({ look: colourOf(schema.plans, number), words: planName(schema.plans, number) })),
          ...(standing === null ? [] : [{ look: looks.standing, words: byStanding }]),
          ...(gaps.length > 0 ? [{ look: looks.gap, words: t('plans.week.gap') }] : []),
        ]}
        otherwise={standing === null ? { name: t('plans.week.gap'), gap: true } : { name: byStanding, gap: false }}
        now={now}
        fixed={!mayChange}
        isNew={({ id }) => id === null}
        make={(times, like) => ({ ...times, key: `new ${++made}`, id: null, plan: like?.plan ?? first.number })}
        onChange={change}
        problemsOf={problemsOf}
        fieldsOf={(entry, put) => (
          <Select
            label={t('plans.plan')}
            data={schema.plans.map((plan) => ({ value: String(plan.number), label: `${plan.number} ${plan.name}` }))}
            value={String(entry.plan)}
            allowDeselect={false}
            error={problemsOf(entry)['/plan']}
            onChange={(plan) => put({ ...entry, plan: Number(plan) })}
            w={240}
          />
        )}
        warning={gaps.length > 0 && <Gaps gaps={gaps} />}
        sticky={draft !== null}
        buttons={
          draft !== null && (
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
          )
        }
      />
      {saving.dialog}
      <Unsaved when={draft !== null} />
    </Stack>
  )
}

function Gaps({ gaps }: { gaps: Span[] }) {
  const { t } = useTranslation()
  return (
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
          <List.Item key={gap.from}>{spanWords(gap, language(), t('week.whole'))}</List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        {t('plans.week.gapsAdvice')}
      </Text>
    </Alert>
  )
}

function below(fields: Record<string, string>, pointer: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => field.startsWith(`${pointer}/`))
      .map(([field, message]) => [field.slice(pointer.length), message]),
  )
}
