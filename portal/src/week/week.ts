// The geometry of a week: which entry counts when, where nothing does, and how a hand moves an edge. Seconds from Monday
// 00:00, as the exchange counts; it decides calls by the same rules (NP-4, NP-5).
import type { Schemas } from '../api/client'

export type Weekday = Schemas['Weekday']
export const WEEKDAYS: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

export const MINUTE = 60
export const DAY = 86_400
export const WEEK = 7 * DAY

/** Times of the week. */
export interface Times {
  /** On the clock, such as 09:00. */
  start: string
  end: string
  /** Per day; null when it is a period from `start_day` to `end_day`. */
  days: Weekday[] | null
  start_day: Weekday | null
  end_day: Weekday | null
}

/** What counts at some times; `key` is its name on the page. */
export interface Line extends Times {
  key: string
}

/** From a second of the week to before another. `to` lies behind `from`, perhaps in the next week. */
export interface Span {
  from: number
  to: number
}

/** A stretch of the week with the line that counts there; null: none does. */
export interface Piece<L extends Times> extends Span {
  line: L | null
}

/** `09:00` or `09:00:30` in seconds. */
export function secondsOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return hours * 3600 + minutes * MINUTE + seconds
}

/** `32400` as `09:00`; seconds only where there are some. */
export function clockOf(second: number): string {
  const inDay = mod(second, DAY)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, seconds] = [Math.floor(inDay / 3600), Math.floor(inDay / MINUTE) % 60, inDay % MINUTE]
  return `${two(hours)}:${two(minutes)}${seconds ? `:${two(seconds)}` : ''}`
}

export function dayOf(second: number): Weekday {
  return WEEKDAYS[Math.floor(mod(second, WEEK) / DAY)]!
}

/** When they hold; the narrower of two lines counts by the width of one of these. */
export function spansOf(times: Times): Span[] {
  if (times.days === null) {
    const from = startOf(times.start_day, times.start)
    return [{ from, to: from + (mod(startOf(times.end_day, times.end) - from, WEEK) || WEEK) }]
  }
  const width = mod(secondsOf(times.end) - secondsOf(times.start), DAY) || DAY
  return times.days.map((day) => startOf(day, times.start)).map((from) => ({ from, to: from + width }))
}

export function widthOf(times: Times): number {
  const [first] = spansOf(times)
  return first === undefined ? 0 : first.to - first.from
}

/** The line that counts at a second of the week: the narrower, of equals the later made (NP-5). */
export function countsAt<L extends Times>(lines: readonly L[], second: number): L | null {
  let best: L | null = null
  for (const line of lines) {
    const holds = spansOf(line).some(({ from, to }) => mod(second - from, WEEK) < to - from)
    if (holds && (best === null || widthOf(line) <= widthOf(best))) best = line
  }
  return best
}

/** The whole week, in order and without holes: what counts when. Neighbours that are the same are one piece. */
export function piecesOf<L extends Times>(lines: readonly L[]): Piece<L>[] {
  const edges = new Set([0])
  for (const { from, to } of lines.flatMap(spansOf)) {
    edges.add(mod(from, WEEK))
    edges.add(mod(to, WEEK))
  }
  const sorted = [...edges].sort((one, other) => one - other)
  const pieces: Piece<L>[] = []
  sorted.forEach((from, index) => {
    const line = countsAt(lines, from)
    const last = pieces.at(-1)
    const to = sorted[index + 1] ?? WEEK
    if (last !== undefined && last.line === line) last.to = to
    else pieces.push({ from, to, line })
  })
  return pieces
}

/** Where no line holds. Over the end of the week it is one gap (NP-4: a standing plan fills all of them). */
export function gapsOf(lines: readonly Times[]): Span[] {
  const gaps = piecesOf(lines)
    .filter((piece) => piece.line === null)
    .map(({ from, to }) => ({ from, to }))
  const [first, last] = [gaps[0], gaps.at(-1)]
  if (gaps.length > 1 && first?.from === 0 && last?.to === WEEK) {
    gaps.shift()
    last.to = WEEK + first.to
  }
  return gaps
}

/** The parts of a span on each day, for a picture with a row per day; seconds of that day. */
export function byDay({ from, to }: Span): (Span & { day: number })[] {
  const parts: (Span & { day: number })[] = []
  for (let at = from; at < to;) {
    const midnight = (Math.floor(at / DAY) + 1) * DAY
    const until = Math.min(midnight, to)
    const start = Math.floor(at / DAY) * DAY
    parts.push({ day: mod(start, WEEK) / DAY, from: at - start, to: until - start })
    at = until
  }
  return parts
}

export type Part = 'start' | 'end' | 'whole'

/** The line with an edge, or all of it, moved by `by` seconds. One that would vanish or swallow its day stays as it is. */
export function moved<L extends Times>(line: L, part: Part, by: number): L {
  if (by === 0) return line
  const most = line.days === null ? WEEK : DAY
  const before = widthOf(line)
  const width = before + (part === 'start' ? -by : part === 'end' ? by : 0)
  if (part !== 'whole' && (width <= 0 || width > most)) return line
  if (line.days === null) {
    const from = startOf(line.start_day, line.start) + (part === 'end' ? 0 : by)
    const to = from + width
    return { ...line, start_day: dayOf(from), start: clockOf(from), end_day: dayOf(to), end: clockOf(to) }
  }
  const from = secondsOf(line.start) + (part === 'end' ? 0 : by)
  // Per day, the days are chosen one by one: a hand moves hours, and does not push them over midnight.
  if (from < 0 || from >= DAY) return line
  return { ...line, start: clockOf(from), end: clockOf(from + width) }
}

/** The nearest quarter of an hour, or another step. */
export function snapped(seconds: number, step = 15 * MINUTE): number {
  return Math.round(seconds / step) * step
}

/** Does an end that is not behind the start mean the day after? */
export function endsNextDay({ days, start, end }: Times): boolean {
  return days !== null && end !== '00:00' && secondsOf(end) <= secondsOf(start)
}

function startOf(day: Weekday | null, clock: string): number {
  return WEEKDAYS.indexOf(day ?? 'monday') * DAY + secondsOf(clock)
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by
}
