import { readClock } from './clock'

test.each([
  ['9', '09:00'],
  ['09', '09:00'],
  ['9:30', '09:30'],
  ['9.30', '09:30'],
  ['0930', '09:30'],
  ['930', '09:30'],
  [' 17:00 ', '17:00'],
  ['17:00:30', '17:00:30'],
  ['24:00', '00:00'],
  ['0:00', '00:00'],
])('%j is a time of day', (typed, clock) => {
  expect(readClock(typed)).toBe(clock)
})

test.each(['', 'noon', '25:00', '24:01', '9:60', '9:3', '12:00 AM'])('%j is none', (typed) => {
  expect(readClock(typed)).toBeNull()
})
