// Lists as tables by key, so that what two administrators changed goes together line by line (`parts/merge`). A line is
// one value: half of one schedule entry and half of another would be neither.
import type { Schemas } from '../api/client'
import type { Json, JsonObject } from '../schema-form/schema'
import type { Holiday } from './data'
import type { Line } from '../week/week'

/** A line of the weekly schedule; `id` is null until the exchange has it. */
export interface Entry extends Line {
  id: number | null
  plan: number
}

type StoredEntry = Schemas['ScheduleEntryOut']

export function entriesOf(stored: readonly StoredEntry[]): Entry[] {
  return stored.map((it) => ({
    key: String(it.id),
    id: it.id,
    plan: it.plan,
    start: it.start,
    end: it.end,
    days: it.days ?? null,
    start_day: it.start_day ?? null,
    end_day: it.end_day ?? null,
  }))
}

export function asTable<Line extends { key: string }>(lines: readonly Line[]): JsonObject {
  return Object.fromEntries(lines.map((line) => [line.key, JSON.stringify(line)]))
}

/** The lines of a table; those that were taken out are null in it. Stored ones first, in the order of their making. */
export function fromTable<Line extends { id: number | null }>(table: JsonObject): Line[] {
  const lines = Object.values(table)
    .filter((line) => typeof line === 'string')
    .map((line) => lineOf<Line>(line))
  return lines.sort((one, other) => (one.id ?? Infinity) - (other.id ?? Infinity) || 0)
}

export function lineOf<Line>(value: Json): Line {
  return JSON.parse(String(value)) as Line
}

/** What the exchange takes: without the page's own key. */
export function sent({ key: _, ...entry }: Entry): Schemas['PutEntry'] {
  return entry
}

/** A holiday on the page; `id` is null until the exchange has it. */
export type HolidayLine = Omit<Holiday, 'id'> & { key: string; id: number | null }

export function holidayLines(stored: readonly Holiday[]): HolidayLine[] {
  return stored.map((it) => ({ ...it, key: String(it.id) }))
}

export function sentHoliday({ key: _, ...holiday }: HolidayLine): Schemas['PutHoliday'] {
  return holiday
}

/** Where a plan's numbers lead, by number; the order on the page is the table's. */
export function planTable(plan: Pick<Schemas['PlanOut'], 'name' | 'entries'>): JsonObject {
  const entries = (plan.entries ?? []).map((it) => [it.e164, JSON.stringify([it.destination, it.prefix ?? ''])])
  return { name: plan.name, entries: Object.fromEntries(entries) as JsonObject }
}

export function planOf(table: JsonObject): { name: string; entries: Schemas['PlanEntryIn'][] } {
  const entries = Object.entries(table.entries as JsonObject)
    .filter(([, line]) => line !== null)
    .map(([e164, line]) => {
      const [destination, prefix] = lineOf<[string, string]>(line)
      return { e164, destination, prefix }
    })
  return { name: String(table.name), entries }
}
