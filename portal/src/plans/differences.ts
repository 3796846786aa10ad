// What changed between two versions of a schema, for readers: the exchange tells fields and values in its own notation.
import type { Schemas } from '../api/client'
import { dayName, wallWords } from '../week/when'
import { WEEKDAYS } from '../week/week'

export type Difference = Schemas['Difference']

export interface Reader {
  language: string
  t: (key: string, values?: Record<string, unknown>) => string
  planName: (number: number) => string
  extensionName: (number: string) => string
}

/** `plans.1.entries.+31201234567`: “Plan 1 Open: +31201234567”. */
export function fieldWords(field: string, { t, planName }: Reader): string {
  const entry = /^plans\.(\d+)\.entries\.(.+)$/.exec(field)
  if (entry) return t('plans.versions.entry', { plan: planName(Number(entry[1])), number: entry[2] })
  const plan = /^plans\.(\d+)\.name$/.exec(field)
  if (plan) return t('plans.versions.planName', { plan: plan[1] })
  const [list] = field.split('.')
  if (list === 'schedule') return t('week.entry')
  if (list === 'holidays') return t('plans.holidays.one')
  if (field === 'standing') return t('plans.standing.title')
  if (field === 'override') return t('plans.reasons.override')
  return field === 'name' ? t('plans.name') : field
}

/** A value as readers write it; what is not understood stays as it is. */
export function valueWords(field: string, value: string, reader: Reader): string {
  if (/^plans\.\d+\.entries\./.test(field)) return destinationWords(value, reader)
  if (field.startsWith('schedule.')) return scheduleWords(value, reader)
  if (field.startsWith('holidays.')) return holidayWords(value, reader)
  const plan = /^plan (\d+)$/.exec(value)
  return plan && (field === 'standing' || field === 'override') ? reader.planName(Number(plan[1])) : value
}

function destinationWords(value: string, { extensionName }: Reader): string {
  const found = /^(\S+)(?: as “(.*)”)?$/.exec(value)
  if (!found) return value
  const name = extensionName(found[1]!)
  return found[2] === undefined ? name : `${name} (${found[2]})`
}

function scheduleWords(value: string, { t, planName, language }: Reader): string {
  const found = /^(.*): plan (\d+)$/.exec(value)
  if (!found) return value
  const when = found[1]!
    .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, (short) => dayName(place(short), language, 'short'))
    .replace(/all day$/, t('week.wholeDay'))
    .replace('the day after', t('week.nextDay'))
    .replace('the whole week', t('week.whole'))
  return `${planName(Number(found[2]))}: ${when}`
}

function holidayWords(value: string, { t, planName, language }: Reader): string {
  const found = /^(.*), (\d{4}-\S+ \S+) – (\d{4}-\S+ \S+): plan (\d+)( \(temporary\))?$/.exec(value)
  if (!found) return value
  const [, description, start, end, plan, temporary] = found
  const words = `${description}: ${wallWords(start!, language)} – ${wallWords(end!, language)}, ${planName(Number(plan))}`
  return temporary ? `${words} (${t('plans.holidays.temporary')})` : words
}

function place(short: string): number {
  return WEEKDAYS.findIndex((day) => day.startsWith(short.toLowerCase()))
}
