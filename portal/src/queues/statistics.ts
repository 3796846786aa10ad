import { locale } from '../i18n/format'

export const CUTS = ['all', 'hour', 'day', 'week', 'month'] as const
export type Cut = (typeof CUTS)[number]

export interface Asked {
  /** Days of the reader's clock, `2026-11-22`; the last one counts whole. */
  from: string
  until: string
  by: Cut
  queue: string
  within: number
}

/** `2026-11-22` */
export function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

/** What the exchange is asked; undefined while the days are no days. */
export function spanOf({ from, until }: Asked): { since: string; until: string } | undefined {
  const [since, end] = [startOf(from), startOf(until, 1)]
  return since < end ? { since: new Date(since).toISOString(), until: new Date(end).toISOString() } : undefined
}

function startOf(day: string, later = 0): number {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later).getTime()
}

/** A period as it is called below its bar: of one day, the hour is enough. */
export function barName(since: string, { by, from, until }: Pick<Asked, 'by' | 'from' | 'until'>): string {
  return by === 'hour' && from === until ? since.slice(11, 16) : periodName(since, by)
}

/** A period as it is called in a table: its hour, day, week (by its first day) or month. */
export function periodName(since: string, by: Cut): string {
  const shown: Record<Cut, Intl.DateTimeFormatOptions> = {
    all: { dateStyle: 'medium' },
    hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    day: { weekday: 'short', day: 'numeric', month: 'short' },
    week: { day: 'numeric', month: 'short', year: 'numeric' },
    month: { month: 'long', year: 'numeric' },
  }
  // The exchange cuts in the customer's zone and writes that offset: the wall clock there is what counts.
  return new Intl.DateTimeFormat(locale(), { ...shown[by], timeZone: 'UTC' }).format(new Date(`${since.slice(0, 19)}Z`))
}
