import { barName, type Asked, dayOf, periodName, spanOf } from './statistics'

const asked: Asked = { from: '2026-11-22', until: '2026-11-22', by: 'day', queue: '', within: 20 }

test('one day is that day, whole', () => {
  const { since, until } = spanOf(asked)!
  expect(dayOf(new Date(since))).toBe('2026-11-22')
  expect(Date.parse(until) - Date.parse(since)).toBe(86_400_000)
})

test('days in the wrong order, or none, are not asked for', () => {
  expect(spanOf({ ...asked, until: '2026-11-21' })).toBeUndefined()
  expect(spanOf({ ...asked, from: '' })).toBeUndefined()
})

test('an hour is called as the clock on the customer’s wall shows it', () => {
  expect(periodName('2026-11-22T09:00:00+01:00', 'hour')).toContain('09:00')
})

test('the bars of one day are called by their hour, those of several by their day, too', () => {
  const hour = { by: 'hour', from: '2026-11-22', until: '2026-11-22' } as const
  expect(barName('2026-11-22T09:00:00+01:00', hour)).toBe('09:00')
  expect(barName('2026-11-22T09:00:00+01:00', { ...hour, until: '2026-11-23' })).toMatch(/22.*09:00/)
})
