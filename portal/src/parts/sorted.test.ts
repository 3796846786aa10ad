import { sorted } from './sorted'

const rows = [
  { name: 'b', calls: 9 },
  { name: '', calls: 100 },
  { name: 'Á', calls: 20 },
  { name: 'a10', calls: 3 },
  { name: 'a9', calls: 1 },
]

test('texts stand as people order them, numbers by size, and what is empty last, both ways', () => {
  expect(sorted(rows, (it) => it.name, false).map((it) => it.name)).toEqual(['Á', 'a9', 'a10', 'b', ''])
  expect(sorted(rows, (it) => it.name, true).map((it) => it.name)).toEqual(['b', 'a10', 'a9', 'Á', ''])
  expect(sorted(rows, (it) => it.calls, true).map((it) => it.calls)).toEqual([100, 20, 9, 3, 1])
})

test('without an order it stays as it came', () => {
  expect(sorted(rows, undefined, false)).toBe(rows)
})
