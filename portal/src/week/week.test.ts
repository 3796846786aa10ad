import { byDay, clockOf, countsAt, DAY, gapsOf, moved, piecesOf, snapped, spansOf, type Times, WEEK, WEEKDAYS } from './week'

const HOUR = 3600
let made = 0

function daily(plan: number, days: Times['days'], start: string, end: string) {
  made += 1
  return { key: String(made), plan, days, start, end, start_day: null, end_day: null } satisfies Times & {
    key: string
    plan: number
  }
}

function period(plan: number, start_day: Times['start_day'], start: string, end_day: Times['end_day'], end: string) {
  return { ...daily(plan, null, start, end), start_day, end_day }
}

const WORKDAYS = WEEKDAYS.slice(0, 5)
const office = daily(1, WORKDAYS, '09:00', '17:00')
const lunch = daily(2, WORKDAYS, '12:00', '13:00')
const weekend = period(3, 'friday', '17:00', 'monday', '09:00')

test('an end that is not behind the start is on the day after', () => {
  expect(spansOf(daily(1, ['sunday'], '22:00', '06:00'))).toEqual([{ from: 6 * DAY + 22 * HOUR, to: WEEK + 6 * HOUR }])
  expect(spansOf(daily(1, ['monday'], '00:00', '00:00'))).toEqual([{ from: 0, to: DAY }])
})

test('a period back to its start is the whole week', () => {
  const [span] = spansOf(period(1, 'monday', '08:00', 'monday', '08:00'))
  expect(span!.to - span!.from).toBe(WEEK)
})

test('the narrower entry counts, whatever was made first', () => {
  const noon = 12.5 * HOUR
  expect(countsAt([office, lunch], noon)).toBe(lunch)
  expect(countsAt([lunch, office], noon)).toBe(lunch)
  expect(countsAt([office, lunch], 13 * HOUR)).toBe(office)
  expect(countsAt([office, lunch], 8 * HOUR)).toBeNull()
})

test('of two equally narrow ones the later made counts', () => {
  const other = daily(4, ['monday'], '10:00', '18:00')
  expect(countsAt([office, other], 11 * HOUR)).toBe(other)
  expect(countsAt([other, office], 11 * HOUR)).toBe(office)
})

test('what lies over the end of the week counts on both sides of it', () => {
  expect(countsAt([weekend], 6 * DAY)).toBe(weekend)
  expect(countsAt([weekend], 8 * HOUR)).toBe(weekend)
  expect(countsAt([weekend], 9 * HOUR)).toBeNull()
})

test('the pieces cover the week once, in order', () => {
  const pieces = piecesOf([office, lunch, weekend])
  expect(pieces[0]!.from).toBe(0)
  expect(pieces.at(-1)!.to).toBe(WEEK)
  pieces.slice(1).forEach((piece, index) => expect(piece.from).toBe(pieces[index]!.to))
})

test('gaps are told once, also over the end of the week', () => {
  const gaps = gapsOf([office])
  expect(gaps).toHaveLength(5)
  expect(gaps.at(-1)).toEqual({ from: 4 * DAY + 17 * HOUR, to: WEEK + 9 * HOUR })
  expect(gapsOf([period(1, 'tuesday', '00:00', 'tuesday', '00:00')])).toEqual([])
  expect(gapsOf([])).toEqual([{ from: 0, to: WEEK }])
})

test('a span over midnight stands on two rows', () => {
  expect(byDay({ from: 6 * DAY + 22 * HOUR, to: WEEK + 6 * HOUR })).toEqual([
    { day: 6, from: 22 * HOUR, to: DAY },
    { day: 0, from: 0, to: 6 * HOUR },
  ])
})

test('dragging an edge changes that edge on all its days', () => {
  expect(moved(office, 'end', HOUR)).toMatchObject({ start: '09:00', end: '18:00', days: WORKDAYS })
  expect(moved(office, 'start', -HOUR)).toMatchObject({ start: '08:00', end: '17:00' })
  expect(moved(office, 'end', -8 * HOUR)).toBe(office) // nothing would be left
  expect(moved(office, 'end', 7 * HOUR)).toMatchObject({ end: '00:00' })
})

test('dragging a block keeps its width; days are not pushed over midnight', () => {
  expect(moved(office, 'whole', 2 * HOUR)).toMatchObject({ start: '11:00', end: '19:00' })
  expect(moved(office, 'whole', -10 * HOUR)).toBe(office)
})

test('a period moves over days and over the end of the week', () => {
  expect(moved(weekend, 'end', DAY)).toMatchObject({ end_day: 'tuesday', end: '09:00', start_day: 'friday' })
  expect(moved(weekend, 'whole', 3 * DAY)).toMatchObject({ start_day: 'monday', end_day: 'thursday' })
  expect(moved(weekend, 'start', -WEEK)).toBe(weekend)
})

test('a hand is taken to the quarter of an hour', () => {
  expect(clockOf(snapped(9 * HOUR + 400))).toBe('09:00')
  expect(clockOf(snapped(9 * HOUR + 500))).toBe('09:15')
  expect(clockOf(secondsPast('09:00:30'))).toBe('09:00:30')
})

function secondsPast(clock: string): number {
  return spansOf(daily(1, ['monday'], clock, '17:00'))[0]!.from
}
