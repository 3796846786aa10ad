/** What somebody types as a time of day, as `09:00`; null for what is none. Hours alone, dots and no colon do as well. */
export function readClock(typed: string): string | null {
  const found = /^(\d{1,2})(?:[:.h ]?([0-5]\d)?(?::([0-5]\d))?)?$/i.exec(typed.trim())
  if (found === null) return null
  const [, hours = '', minutes = '00', seconds = '00'] = found
  if (Number(hours) > 24 || (Number(hours) === 24 && (minutes !== '00' || seconds !== '00'))) return null
  const clock = `${hours === '24' ? '00' : hours.padStart(2, '0')}:${minutes}`
  return seconds === '00' ? clock : `${clock}:${seconds}`
}
