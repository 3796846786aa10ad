// Time zones and countries as people look for them; the browser knows them all.
import { locale } from '../i18n/format'

export interface Choice {
  value: string
  label: string
}

/** `Europe/Amsterdam (UTC+01:00)`, as it is at `now`. */
export function timeZones(now: Date): Choice[] {
  return Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: `${value} (${offset(value, now)})` }))
}

/** `UTC+01:00` */
export function offset(zone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
  return name.replace('GMT', 'UTC').replace('+00:00', '')
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
