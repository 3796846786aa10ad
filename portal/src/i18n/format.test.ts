import { duration, secondsBetween } from './format'

test('durations are written as on a clock', () => {
  expect([0, 7.4, 59.6, 750, 3723].map(duration)).toEqual(['0:00', '0:07', '1:00', '12:30', '1:02:03'])
  expect(duration(-3)).toBe('0:00') // the clocks of two machines
})

test('between something and what never happened is no time', () => {
  expect(secondsBetween('2026-11-22T10:00:00Z', '2026-11-22T10:00:05.500Z')).toBe(5.5)
  expect(secondsBetween(null, '2026-11-22T10:00:05Z')).toBeNull()
})
