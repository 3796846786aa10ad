import { merge, same, withValue } from './merge'

const base = { name: 'Sales', settings: { ring_for: 20, members: ['201'] } }

test('changes of different fields go together without a question', () => {
  const mine = { name: 'Verkoop', settings: base.settings }
  const theirs = { name: 'Sales', settings: { ring_for: 30, members: ['201'] } }
  expect(merge(base, mine, theirs)).toEqual({
    value: { name: 'Verkoop', settings: { ring_for: 30, members: ['201'] } },
    clashes: [],
    taken: [['settings', 'ring_for']],
  })
})

test('a field that both changed in different ways is asked about', () => {
  const mine = { name: 'Sales', settings: { ring_for: 10, members: ['201'] } }
  const theirs = { name: 'Sales', settings: { ring_for: 30, members: ['201', '202'] } }
  const { value, clashes, taken } = merge(base, mine, theirs)
  expect(taken).toEqual([['settings', 'members']])
  expect(clashes).toEqual([{ path: ['settings', 'ring_for'], mine: 10, theirs: 30 }])
  expect(value).toEqual({ name: 'Sales', settings: { ring_for: 10, members: ['201', '202'] } })
  expect(withValue(value, ['settings', 'ring_for'], 30)).toEqual(theirs)
})

test('the same change by both is none to ask about', () => {
  const both = { name: 'Verkoop', settings: base.settings }
  expect(merge(base, both, both).clashes).toEqual([])
})

test('an order of members is one value: it is not mixed', () => {
  const mine = { ...base, settings: { ...base.settings, members: ['202', '201'] } }
  const theirs = { ...base, settings: { ...base.settings, members: ['203', '201'] } }
  expect(merge(base, mine, theirs).clashes.map((clash) => clash.path)).toEqual([['settings', 'members']])
})

test('null and a field that is missing are the same', () => {
  expect(same({ a: null }, {})).toBe(true)
  expect(same({ a: 0 }, {})).toBe(false)
})
