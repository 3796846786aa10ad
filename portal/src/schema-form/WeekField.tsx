// A list of times of the week, each of which gives something, as the week that it makes.
import { useTranslation } from 'react-i18next'
import { useAccount } from '../accounts/account'
import '../i18n/parts/week'
import { lookOf } from '../week/colours'
import looks from '../week/picture.module.css'
import { useMinute } from '../week/useMinute'
import type { Line, Times } from '../week/week'
import { WeekEditor } from '../week/WeekEditor'
import { secondOfWeek } from '../week/when'
import { type FieldProps, SchemaForm } from './SchemaForm'
import { fresh, isObject, type Json, type JsonObject, resolve, type Schema } from './schema'
import { useShown } from './words'
import { GroupOfFields } from './GroupOfFields'
import { useFormWorld } from './world'

const TIMES = ['start', 'end', 'days', 'start_day', 'end_day']

/** A row of the list; its key is its place. */
interface Row extends Line {
  rest: JsonObject
}

export function WeekField({ schema, value, onChange, pointer, label, beside }: FieldProps) {
  const { t } = useTranslation()
  const { account, defs, problems } = useFormWorld()
  const zone = useAccount(account).data?.timezone ?? 'UTC'
  const now = secondOfWeek(useMinute(), zone)
  const { schema: one } = resolve(schema.items ?? {}, defs)
  const { gives = '', otherwise = '' } = schema
  const rest: Schema = { ...one, properties: without(one.properties ?? {}, TIMES) }
  const shown = useShown(account, { ...one, $defs: defs })
  const list = Array.isArray(value) ? value.filter(isObject) : []
  const rows = list.map((it, place): Row => ({ ...timesOf(it), key: String(place), rest: without(it, TIMES) }))

  const given = [...new Set(rows.map((row) => row.rest[gives] ?? ''))].filter((it) => it !== '')
  const look = (what: Json | undefined) => lookOf(given.indexOf(what ?? ''))
  const name = (what: Json | undefined) => (what === undefined || what === null || what === '' ? '' : shown(what, [gives]))
  return (
    <GroupOfFields schema={schema} pointer={pointer} label={label}>
      <WeekEditor<Row>
        lines={rows}
        what={one.properties?.[gives]?.title ?? gives}
        shown={(row) => ({ name: nameOfRow(row, name(row.rest[gives]) || t('week.empty')), look: look(row.rest[gives]) })}
        marks={[
          ...given.map((what) => ({ look: look(what), words: name(what) })),
          { look: looks.standing, words: t('week.otherwise', { name: name(beside?.[otherwise]) }) },
        ]}
        otherwise={{ name: t('week.otherwise', { name: name(beside?.[otherwise]) }).trim(), gap: false }}
        now={now}
        fixed={false}
        full={schema.maxItems !== undefined && rows.length >= schema.maxItems}
        isNew={() => false}
        make={(times, like) => ({
          ...times,
          key: String(rows.length),
          rest: { ...without(fresh(one, defs) as JsonObject, TIMES), ...(like ? { [gives]: like.rest[gives] ?? '' } : {}) },
        })}
        onChange={(changed) => onChange(changed.map(({ key: _, rest, ...times }) => ({ ...times, ...rest })))}
        problemsOf={({ key }) => inside(problems, `${pointer}/${key}`)}
        fieldsOf={(row, put) => (
          <SchemaForm
            schema={rest}
            value={row.rest}
            onChange={(changed) => isObject(changed) && put({ ...row, rest: changed })}
            pointer={`${pointer}/${row.key}`}
          />
        )}
      />
    </GroupOfFields>
  )
}

/** With what somebody wrote beside it. */
function nameOfRow({ rest: { description } }: Row, given: string): string {
  return typeof description === 'string' && description !== '' ? `${given} · ${description}` : given
}

function timesOf(row: JsonObject): Times {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : null)
  return {
    start: text(row.start) || '00:00',
    end: text(row.end) || '00:00',
    days: Array.isArray(row.days) ? (row.days as Times['days']) : null,
    start_day: text(row.start_day) as Times['start_day'],
    end_day: text(row.end_day) as Times['end_day'],
  }
}

function without<Value>(all: Record<string, Value>, names: string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))
}

/** What lies below `pointer`, as seen from there. */
function inside(problems: Record<string, string>, pointer: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problems)
      .filter(([at]) => at === pointer || at.startsWith(`${pointer}/`))
      .map(([at, message]) => [at.slice(pointer.length), message]),
  )
}
