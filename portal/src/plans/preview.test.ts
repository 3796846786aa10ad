import { previewDays, type Stretch } from './preview'

function stretch(start: string, end: string, plan: number): Stretch {
  return { start, end, plan, name: `Plan ${plan}`, chosen_by: 'weekly schedule' }
}

test('a stretch over midnight stands on both days, by the clock of the customer', () => {
  const days = previewDays([
    stretch('2026-11-22T20:00:00.5+01:00', '2026-11-23T09:00:00+01:00', 2),
    stretch('2026-11-23T09:00:00+01:00', '2026-11-23T17:00:00+01:00', 1),
  ])
  expect(days.map((day) => day.date)).toEqual(['2026-11-22', '2026-11-23'])
  expect(days[0]!.parts).toMatchObject([{ from: 20 * 3600, to: 86400 }])
  expect(days[1]!.parts).toMatchObject([
    { from: 0, to: 9 * 3600 },
    { from: 9 * 3600, to: 17 * 3600 },
  ])
})

test('an end at midnight makes no empty day', () => {
  expect(previewDays([stretch('2026-11-22T00:00:00+01:00', '2026-11-23T00:00:00+01:00', 1)])).toHaveLength(1)
})
