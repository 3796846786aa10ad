// What was chosen by hand, for good or for a while (NP-3, NP-8); times are those of the customer's clock.
import type { PlanSchema } from './data'

/** How long a choice lasts: until it is taken away, until the next scheduled change, or until a time. */
export type Until = 'always' | 'change' | 'time'

export interface ByHand {
  plan: number
  /** `2026-12-25 17:30`; null: until it is taken away. */
  until: string | null
}

/** What counts by hand at `now` (`2026-12-25T10:00:00`); a choice for good goes before one for a while. */
export function chosenByHand(schema: Pick<PlanSchema, 'override' | 'holidays'>, now: string): ByHand | null {
  if (schema.override != null) return { plan: schema.override, until: null }
  const at = now.replace('T', ' ')
  // It counts from when it was made, which a clock that is looked at twice a minute may not have reached.
  const found = schema.holidays.find((it) => it.temporary && at < it.end)
  return found === undefined ? null : { plan: found.plan, until: found.end }
}

/** What the exchange is told. */
export function untilOf(lasts: Until, time: string): string | null {
  if (lasts === 'always') return null
  return lasts === 'change' ? 'change' : time.replace('T', ' ')
}

/** The end of the day of `now`, as a first proposal: `2026-12-25T23:59`. */
export function tonight(now: string): string {
  return `${now.slice(0, 10)}T23:59`
}
