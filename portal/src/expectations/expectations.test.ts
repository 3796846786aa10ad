// @vitest-environment happy-dom

import { atWords, outcomeOf, outcomeWith, readAt } from './expectations'

test('a moment is of the week or of the calendar', () => {
  expect(readAt('monday 10:00')).toEqual({ day: 'monday', time: '10:00', date: '' })
  expect(readAt('2026-12-25 10:00')).toMatchObject({ day: null, date: '2026-12-25T10:00' })
  expect(atWords('sunday 09:30', 'nl')).toBe('zondag 09:30')
})

test('to expect something else takes away what was expected before', () => {
  const changed = outcomeWith('is_told', 'busy')
  expect(changed).toMatchObject({ is_told: 'busy', reaches: null, rings: null })
  expect(outcomeOf(changed)).toEqual({ kind: 'is_told', value: 'busy' })
})
