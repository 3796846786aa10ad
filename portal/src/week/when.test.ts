import { WEEKDAYS } from './week'
import { daysWords, timesWords, instantOf, momentWords, secondOfWeek, spanWords, wallAt, wallWords } from './when'

const ZONE = 'Europe/Amsterdam'
const WORDS = (key: string) => ({ 'week.nextDay': 'the day after', 'week.wholeDay': 'de hele dag' })[key] ?? key
const entry = { key: '1', id: 1, plan: 1, start: '09:00', end: '17:00', start_day: null, end_day: null }

test('days in a row are told as one', () => {
  expect(daysWords(['friday', 'monday', 'tuesday', 'wednesday', 'sunday'], 'en')).toBe('Mon–Wed, Fri, Sun')
  expect(daysWords(['saturday', 'sunday'], 'nl')).toBe('za, zo')
})

test('an entry is told per day or per period', () => {
  expect(timesWords({ ...entry, days: WEEKDAYS.slice(0, 5) }, 'nl', WORDS)).toBe('ma–vr 09:00–17:00')
  expect(timesWords({ ...entry, days: ['monday'], start: '22:00', end: '06:00' }, 'en', WORDS)).toBe(
    'Mon 22:00–06:00 the day after',
  )
  expect(timesWords({ ...entry, days: null, start_day: 'friday', end_day: 'monday' }, 'en', WORDS)).toBe('Fri 09:00 – Mon 17:00')
})

test('midnight to midnight is all day; midnight to noon, and noon to midnight, are not', () => {
  const weekend = { ...entry, days: WEEKDAYS.slice(5), start: '00:00', end: '00:00' }
  expect(timesWords(weekend, 'nl', WORDS)).toBe('za, zo de hele dag')
  expect(timesWords({ ...weekend, end: '12:00' }, 'nl', WORDS)).toBe('za, zo 00:00–12:00')
  expect(timesWords({ ...weekend, start: '12:00' }, 'nl', WORDS)).toBe('za, zo 12:00–00:00')
})

test('a gap over the end of the week ends where it ends', () => {
  expect(spanWords({ from: 4 * 86400 + 61200, to: 7 * 86400 + 32400 }, 'en', 'all')).toBe('Fri 17:00 – Mon 09:00')
})

test('the clock of the customer, not of the reader', () => {
  expect(wallAt(new Date('2026-07-01T10:00:00Z'), ZONE)).toBe('2026-07-01T12:00:00')
  expect(secondOfWeek(new Date('2026-07-06T10:00:00Z'), ZONE)).toBe(12 * 3600) // a Monday
})

test('an instant is written as in Europe, in English too', () => {
  expect(momentWords('2026-07-01T11:05:00Z', ZONE, 'en')).toBe('1 Jul 2026, 13:05')
  expect(momentWords('2026-07-01T11:05:00Z', ZONE, 'nl')).toBe('1 jul 2026, 13:05')
})

test('a time on the wall is an instant, in summer and in winter', () => {
  expect(instantOf('2026-12-25 10:00', ZONE)).toBe('2026-12-25T09:00:00.000Z')
  expect(instantOf('2026-07-01T10:00', ZONE)).toBe('2026-07-01T08:00:00.000Z')
  expect(instantOf('2026-03-29T03:00', ZONE)).toBe('2026-03-29T01:00:00.000Z') // the very moment of the change
})

test('a date is told as readers write it', () => {
  expect(wallWords('2026-12-25 17:30', 'nl')).toContain('25 dec 2026')
  expect(wallWords('2026-12-25 17:30', 'en')).toMatch(/Fri.* 25 Dec 2026.* 17:30/)
})
