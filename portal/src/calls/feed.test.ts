import { after, type LiveCall, NOTHING } from './feed'

const call = { id: 'one', state: 'ringing', caller: '201', called: '202' } as LiveCall
const event = (name: string, data: unknown) => ({ id: 'r-1', event: name, data: JSON.stringify(data) })

test('a call begins, changes and ends', () => {
  const begun = after(NOTHING, event('began', call))
  const talking = after(begun, event('changed', { id: 'one', state: 'talking' }))
  expect([...talking.values()]).toEqual([{ ...call, state: 'talking' }])
  expect(after(talking, event('ended', { id: 'one', outcome: 'answered' })).size).toBe(0)
})

test('the whole world takes the place of what we believed', () => {
  const stale = after(NOTHING, event('began', { ...call, id: 'gone' }))
  expect([...after(stale, event('calls', { calls: [call] })).keys()]).toEqual(['one'])
})

test('changes of a call that we never saw, and events of a newer exchange, change nothing', () => {
  expect(after(NOTHING, event('changed', { id: 'two', state: 'talking' }))).toBe(NOTHING)
  expect(after(NOTHING, event('parked', { id: 'two' }))).toBe(NOTHING)
})
