import { filtersOf, queryOf } from './records'

test('filters stand in the address; what is empty is none', () => {
  expect(filtersOf(new URLSearchParams('caller=201&called=&page=3'))).toEqual({ caller: '201' })
})

test('the newest stand first until its reader wants the oldest', () => {
  const order = (address: string) => queryOf(filtersOf(new URLSearchParams(address))).sort
  expect([order(''), order('sort=started'), order('sort=caller')]).toEqual([undefined, 'started', undefined])
})

test('the last day counts whole, also when the clock is changed in it', () => {
  const { since, until } = queryOf({ from: '2026-10-25', until: '2026-10-25' })
  expect(new Date(since!).getDate()).toBe(25)
  expect([new Date(until!).getDate(), new Date(until!).getHours()]).toEqual([26, 0])
})

test('numbers may be typed with spaces; a date or an outcome that is none is left out', () => {
  expect(queryOf({ caller: '+31 20-555 01 00', from: 'soon', outcome: 'won' })).toEqual({ caller: '+31205550100' })
})
