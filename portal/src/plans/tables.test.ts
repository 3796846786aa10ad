import { merge } from '../parts/merge'
import { asTable, type Entry, entriesOf, fromTable, planOf, planTable, sent } from './tables'

const stored = entriesOf([
  { id: 1, plan: 1, start: '09:00', end: '17:00', days: ['monday'] },
  { id: 2, plan: 2, start: '12:00', end: '13:00', days: ['monday'] },
])
const [office, lunch] = stored as [Entry, Entry]

test('one adds an entry, another takes one out: both happen', () => {
  const mine = [...stored, { ...office, key: 'new 1', id: null, plan: 3 }]
  const theirs = [office]
  const { value, clashes } = merge(asTable(stored), asTable(mine), asTable(theirs))
  expect(clashes).toEqual([])
  expect(fromTable<Entry>(value).map((it) => it.plan)).toEqual([1, 3])
})

test('both change one entry: somebody chooses between whole entries', () => {
  const mine = [{ ...office, start: '08:00' }, lunch]
  const theirs = [{ ...office, end: '18:00' }, lunch]
  const { clashes } = merge(asTable(stored), asTable(mine), asTable(theirs))
  expect(clashes.map((clash) => clash.path)).toEqual([['1']])
})

test('the order of making stays, and new ones come last', () => {
  const table = asTable([{ ...office, key: 'new 1', id: null }, lunch, office])
  expect(fromTable<Entry>(table).map((it) => it.id)).toEqual([1, 2, null])
})

test('what is sent has no key of the page', () => {
  expect(sent(office)).not.toHaveProperty('key')
})

test('a plan goes to a table and back', () => {
  const plan = { name: 'Open', entries: [{ e164: '+31205550100', destination: '300', prefix: 'Sales' }] }
  expect(planOf(planTable(plan))).toEqual(plan)
  expect(planOf({ name: 'Open', entries: { '+31205550100': null } }).entries).toEqual([])
})
