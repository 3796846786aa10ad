// The coming days as rows of 24 hours, by the customer's clock.
import type { Schemas } from '../api/client'
import { DAY, type Span } from '../week/week'
import { wallDate } from '../week/when'

export type Stretch = Schemas['StretchOut']

/** A part of a stretch on one day. */
export interface DayPart extends Span {
  stretch: Stretch
}

export interface PreviewDay {
  /** `2026-12-25`. */
  date: string
  parts: DayPart[]
}

/** The days that the stretches touch, in order. Instants carry the customer's own offset, so what stands before it is the
 * clock on the wall; an hour that the clock shows twice is drawn once. */
export function previewDays(stretches: readonly Stretch[]): PreviewDay[] {
  const days = new Map<string, DayPart[]>()
  for (const stretch of stretches) {
    const [start, end] = [seconds(stretch.start), seconds(stretch.end)]
    for (let at = start; at < end;) {
      const midnight = Math.floor(at / DAY) * DAY
      const until = Math.min(midnight + DAY, end)
      const date = new Date(midnight * 1000).toISOString().slice(0, 10)
      days.set(date, [...(days.get(date) ?? []), { stretch, from: at - midnight, to: until - midnight }])
      at = until
    }
  }
  return [...days].map(([date, parts]) => ({ date, parts }))
}

function seconds(instant: string): number {
  return Math.floor(wallDate(instant).getTime() / 1000)
}
