// The filters of the call history, as they stand in the page's address: they can be kept and sent to somebody.
import type { paths, Schemas } from '../api/client'

export type RecordLine = Schemas['RecordLine']
export type Outcome = Schemas['Outcome']
export type Query = NonNullable<paths['/api/v1/accounts/{account}/records']['get']['parameters']['query']>

export const OUTCOMES = [
  'answered',
  'picked_up',
  'served',
  'unanswered',
  'abandoned',
  'refused',
  'failed',
] as const satisfies Outcome[]

export const FILTERS = ['from', 'until', 'caller', 'called', 'extension', 'outcome'] as const
/** `sort`: `started` for the oldest first; else the newest. */
export type Filters = Partial<Record<(typeof FILTERS)[number] | 'sort', string>>

export function filtersOf(address: URLSearchParams): Filters {
  return Object.fromEntries(
    [...FILTERS, 'sort'].map((name) => [name, address.get(name) ?? '']).filter(([, value]) => value !== ''),
  )
}

/** What the exchange is asked. Days are those of the reader's clock, and the last one counts whole. */
export function queryOf(filters: Filters): Query {
  const { from, until, caller, called, extension, outcome, sort } = filters
  return {
    ...(from && !Number.isNaN(dayStart(from)) ? { since: new Date(dayStart(from)).toISOString() } : {}),
    ...(until && !Number.isNaN(dayStart(until)) ? { until: new Date(dayStart(until, 1)).toISOString() } : {}),
    ...(caller ? { caller: asNumber(caller) } : {}),
    ...(called ? { called: asNumber(called) } : {}),
    ...(extension ? { extension: asNumber(extension) } : {}),
    ...(outcome && (OUTCOMES as readonly string[]).includes(outcome) ? { outcome: outcome as Outcome } : {}),
    ...(sort === 'started' ? { sort } : {}),
  }
}

function dayStart(day: string, later = 0): number {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later).getTime()
}

/** People write numbers with spaces and hyphens. */
function asNumber(typed: string): string {
  return typed.replace(/[\s().-]/g, '')
}
