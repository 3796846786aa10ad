// Instants, durations and numbers as people of the reader's language write them.
import { language } from './words'

const LOCALES = { nl: 'nl-NL', en: 'en-GB' }

export const locale = (): string => LOCALES[language()]

/** `22 nov 2026, 14:05` */
export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

/** `14:05:09` */
export function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }).format(new Date(iso))
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value)
}

/** `0:07`, `12:30`, `1:02:03`; whole seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** Seconds between two instants; none when one of them did not happen. */
export function secondsBetween(from: string | null | undefined, to: string | null | undefined): number | null {
  return from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : null
}

/** `87%`; a dash for a share of nothing. */
export function share(part: number | null | undefined): string {
  if (part === null || part === undefined) return '–'
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(part)
}
