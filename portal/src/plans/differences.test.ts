import { fieldWords, type Reader, valueWords } from './differences'

const reader: Reader = {
  language: 'nl',
  t: (key, values) => [key, ...Object.values(values ?? {})].join(' '),
  planName: (number) => `${number} Open`,
  extensionName: (number) => `${number} Jansen`,
}

test('the exchange’s notation becomes the reader’s words', () => {
  expect(valueWords('plans.1.entries.+31205550100', '201 as “Verkoop”', reader)).toBe('201 Jansen (Verkoop)')
  expect(valueWords('schedule.2', 'Mon–Fri 09:00–17:00: plan 1', reader)).toBe('1 Open: ma–vr 09:00–17:00')
  expect(valueWords('schedule.3', 'Fri 17:00 – Mon 09:00: plan 2', reader)).toBe('2 Open: vr 17:00 – ma 09:00')
  expect(valueWords('schedule.4', 'Sat, Sun all day: plan 2', reader)).toBe('2 Open: za, zo week.wholeDay')
  expect(valueWords('holidays.1', 'Kerst, Mon: 2, 2026-12-25 00:00 – 2026-12-27 00:00: plan 1', reader)).toMatch(
    /^Kerst, Mon: 2: vr 25 dec 2026.* – zo 27 dec 2026.*, 1 Open$/,
  )
  expect(valueWords('standing', 'plan 2', reader)).toBe('2 Open')
})

test('what a customer typed is never taken for notation', () => {
  expect(valueWords('name', 'plan 2', reader)).toBe('plan 2')
  expect(valueWords('plans.1.name', 'Mon', reader)).toBe('Mon')
})

test('a field is told by what it is', () => {
  expect(fieldWords('plans.1.entries.+31205550100', reader)).toBe('plans.versions.entry 1 Open +31205550100')
  expect(fieldWords('override', reader)).toBe('plans.reasons.override')
})
