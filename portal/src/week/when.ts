// Moments in words, in the reader's language and on the customer's clock.
import { DAY, endsNextDay, type Span, type Times, WEEK, type Weekday, WEEKDAYS } from './week'

type WeekWord = 'week.nextDay' | 'week.whole' | 'week.wholeDay'

/** A Monday: the nth day behind it has the name of the nth weekday. */
const MONDAY = Date.UTC(2024, 0, 1)

export function dayName(day: Weekday | number, language: string, form: 'long' | 'short' = 'long'): string {
  const place = typeof day === 'number' ? day : WEEKDAYS.indexOf(day)
  return format(new Date(MONDAY + place * DAY * 1000), language, { weekday: form })
}

/** An instant, with its day; on the clock of `zone`. */
export function momentWords(instant: string, zone: string, language: string): string {
  const form = { dateStyle: 'medium', timeStyle: 'short', timeZone: zone } as const
  return new Intl.DateTimeFormat(localeOf(language), form).format(new Date(instant))
}

/** What stands on a wall, without zone: `2026-12-25 17:30`. */
export function wallWords(wall: string, language: string): string {
  return format(wallDate(wall), language, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', ...clock(wall) })
}

export function dateWords(wall: string, language: string): string {
  return format(wallDate(wall), language, { weekday: 'short', day: 'numeric', month: 'short' })
}

/** `Friday 17:00 – Monday 09:00`. */
export function spanWords(span: Span, language: string, wholeWeek: string): string {
  if (span.to - span.from >= WEEK) return wholeWeek
  return `${pointWords(span.from, language)} – ${pointWords(span.to, language)}`
}

export function pointWords(second: number, language: string): string {
  return format(new Date(MONDAY + (second % WEEK) * 1000), language, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
}

/** `Mon–Fri 09:00–17:00`, `Sat, Sun all day`; `words`: the texts of `week`. */
export function timesWords(times: Times, language: string, words: (key: WeekWord) => string): string {
  if (times.days !== null) {
    const days = daysWords(times.days, language)
    if (times.start === '00:00' && times.end === '00:00') return `${days} ${words('week.wholeDay')}`
    const end = endsNextDay(times) ? `${times.end} ${words('week.nextDay')}` : times.end
    return `${days} ${times.start}–${end}`
  }
  const [first, last] = [
    dayName(times.start_day ?? 'monday', language, 'short'),
    dayName(times.end_day ?? 'monday', language, 'short'),
  ]
  const period = `${first} ${times.start} – ${last} ${times.end}`
  return times.start_day === times.end_day && times.start === times.end ? `${period} (${words('week.whole')})` : period
}

/** `Mon–Fri, Sun`: three or more in a row as a run. */
export function daysWords(days: Weekday[], language: string): string {
  const places = [...new Set(days)].map((day) => WEEKDAYS.indexOf(day)).sort((one, other) => one - other)
  const runs: number[][] = []
  for (const place of places) {
    const run = runs.at(-1)
    if (run?.at(-1) === place - 1) run.push(place)
    else runs.push([place])
  }
  const name = (place: number) => dayName(place, language, 'short')
  return runs.map((run) => (run.length > 2 ? `${name(run[0]!)}–${name(run.at(-1)!)}` : run.map(name).join(', '))).join(', ')
}

/** What the clock of `zone` shows at an instant: `2026-12-25T17:30:00`. */
export function wallAt(instant: Date, zone: string): string {
  return instant.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')
}

/** Where in the week the clock of `zone` is. */
export function secondOfWeek(instant: Date, zone: string): number {
  return Math.floor((wallDate(wallAt(instant, zone)).getTime() - MONDAY) / 1000) % WEEK
}

/** The instant at which the clock of `zone` shows `wall`, in UTC. A time that the clock skips is the same after the skip. */
export function instantOf(wall: string, zone: string): string {
  const wanted = wallDate(wall).getTime()
  const off = (instant: number) => wallDate(wallAt(new Date(instant), zone)).getTime() - instant
  // The difference to UTC may itself change between the guess and the instant; the second look settles it.
  const guess = wanted - off(wanted)
  return new Date(wanted - off(guess)).toISOString()
}

/** `2026-12-25 17:30` or with a T, as if the clock were UTC's: only for reckoning and for formatting. */
export function wallDate(wall: string): Date {
  const [date, time = '00:00'] = wall.split(/[T ]/)
  return new Date(`${date}T${time.length === 5 ? `${time}:00` : time.slice(0, 8)}Z`)
}

function clock(wall: string): Intl.DateTimeFormatOptions {
  const seconds = wall.slice(17, 19)
  return { hour: '2-digit', minute: '2-digit', ...(seconds && seconds !== '00' ? { second: '2-digit' } : {}) }
}

/** English days and hours are written as in Europe: 22 Nov, 13:05. */
const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language)

function format(date: Date, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: 'UTC' }).format(date)
}
