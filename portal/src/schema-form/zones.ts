// Time zones and countries as people look for them; the browser knows them all.
import { locale } from '../i18n/format'

export interface Choice {
  value: string
  label: string
}

/** `Europe/Amsterdam (UTC+01:00)`, as it is at `now`. */
export function timeZone(value: string, now: Date): Choice {
  return { value, label: `${value.replaceAll('_', ' ')} (${offset(value, now) || '?'})` }
}

/** All zones by name, UTC among them. */
export function timeZones(now: Date): Choice[] {
  const known = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...known].sort().map((value) => timeZone(value, now))
}

/** The time zone of the browser's own machine. */
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** `UTC+01:00`; nothing of a zone that this browser does not know. */
export function offset(zone: string, now: Date): string {
  const parts = partsOf(zone, now)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  return name.replace('GMT', 'UTC').replace('+00:00', '')
}

function partsOf(timeZone: string, now: Date): Intl.DateTimeFormatPart[] {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now)
  } catch (error) {
    if (error instanceof RangeError) return [] // newer than this browser
    throw error
  }
}

/** Every two letters that stand for a country, by its name. */
export function countries(): Choice[] {
  const names = new Intl.DisplayNames([locale()], { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters
    .flatMap((one) => letters.map((other) => one + other))
    .filter((code) => !NO_COUNTRY.has(code))
    .flatMap((code) => {
      const label = names.of(code)
      return label === undefined ? [] : [{ value: code, label: `${label} (${code})` }]
    })
    .sort((one, other) => one.label.localeCompare(other.label, locale()))
}

/** Regions, states that are no more, and codes that stand for nothing. */
const NO_COUNTRY = new Set(
  ['AC', 'AN', 'BU', 'CP', 'CQ', 'CS', 'DD', 'DG', 'DY', 'EA', 'EU', 'EZ', 'FX', 'HV', 'IC', 'NH', 'NT', 'QO'].concat([
    'QU',
    'RH',
    'SU',
    'TA',
    'TP',
    'UK',
    'UN',
    'VD',
    'XA',
    'XB',
    'YD',
    'YU',
    'ZR',
    'ZZ',
  ]),
)
