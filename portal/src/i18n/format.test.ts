import { duration, secondsBetween, telephone, withTelephones, sentence } from './format'

test('durations are written as on a clock', () => {
  expect([0, 7.4, 59.6, 750, 3723].map(duration)).toEqual(['0:00', '0:07', '1:00', '12:30', '1:02:03'])
  expect(duration(-3)).toBe('0:00') // the clocks of two machines
})

test('between something and what never happened is no time', () => {
  expect(secondsBetween('2026-11-22T10:00:00Z', '2026-11-22T10:00:05.500Z')).toBe(5.5)
  expect(secondsBetween(null, '2026-11-22T10:00:05Z')).toBeNull()
})

test.each([
  ['+31205550100', '+31 20 555 01 00'],
  ['+31612345678', '+31 6 1234 5678'],
  ['+31229123456', '+31 229 123 456'],
  ['+318001234', '+31 800 1234'],
  ['+3225551234', '+32 255 512 34'],
  ['+4915112345678', '+49 151 123 456 78'],
  ['+12025550123', '+1 202 555 0123'],
  ['+35312345678', '+353 123 456 78'],
  ['201', '201'],
  ['112', '112'],
  ['anonymous', 'anonymous'],
])('%s is shown as %s', (number, shown) => {
  expect(telephone(number)).toBe(shown.replaceAll(' ', '\u00a0'))
})

test('a sentence that stands alone begins with a capital', () => {
  expect(['belt Jansen', '2 leden', '', 'één lid'].map(sentence)).toEqual(['Belt Jansen', '2 leden', '', 'Één lid'])
})

test('numbers in a sentence are written alike', () => {
  expect(withTelephones('+31205550100 leidt naar 300 Verkoop, 12,5 s')).toBe(
    '+31\u00a020\u00a0555\u00a001\u00a000 leidt naar 300 Verkoop, 12,5 s',
  )
})
