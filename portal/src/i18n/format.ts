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

/** A sentence of the exchange where it stands alone: it begins with a capital. */
export const sentence = (text: string): string => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1)

const NO_BREAK = '\u00a0'

/** Country codes of one and of two digits (ITU E.164); all others have three. */
const SHORT_CODES = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/
/** Dutch areas of two digits: seven follow. */
const DUTCH_AREA = /^(1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7\d|8[58])(\d{3})(\d{2})(\d{2})$/

/** `+31 20 555 01 00`: a number outside in groups, as people read it. What is none (an extension, 112) stays as it is. */
export function telephone(number: string): string {
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return number
  const digits = number.slice(1)
  const country = SHORT_CODES.exec(digits)?.[0] ?? digits.slice(0, 3)
  const rest = digits.slice(country.length)
  const grouped = `+${country} ${country === '31' ? dutch(rest) : groups(rest)}`
  return grouped.replaceAll(' ', NO_BREAK) // a number stays on its line
}

function dutch(rest: string): string {
  if (/^6\d{8}$/.test(rest)) return `6 ${rest.slice(1, 5)} ${rest.slice(5)}`
  const area = DUTCH_AREA.exec(rest)
  if (area) return area.slice(1).join(' ')
  return /^[1-57]\d{8}$/.test(rest) ? groups(rest) : `${rest.slice(0, 3)} ${groups(rest.slice(3))}`
}

/** Of three digits, the last of two to four. */
function groups(digits: string): string {
  const found: string[] = []
  for (let left = digits; left !== '';) {
    const size = left.length <= 4 ? left.length : 3
    found.push(left.slice(0, size))
    left = left.slice(size)
  }
  return found.join(' ')
}

/** A sentence of the exchange, with the numbers in it as people read them. */
export const withTelephones = (text: string): string => text.replace(/\+[1-9]\d{6,14}(?!\d)/g, telephone)
