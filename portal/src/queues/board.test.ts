import { after, atWork, EMPTY, longestWait, type Shown } from './board'

const agents = { free: 1, ringing: 0, talking: 2, wrap_up: 0, busy: 0, resting: 0, unreachable: 1, logged_off: 5 }
const desk = { queue: '500', name: 'Desk', waiting: 0, waiting_since: null, agents } as unknown as Shown
const event = (name: string, data: unknown) => ({ id: 'b-1', event: name, data: JSON.stringify(data) })

test('a board begins whole, changes in parts, and loses what is deleted', () => {
  const whole = after(EMPTY, event('queues', { queues: [desk] }))
  const changed = after(whole, event('changed', { queue: '500', waiting: 3 }))
  expect(changed.get('500')).toEqual({ ...desk, waiting: 3 })
  expect(after(changed, event('gone', { queue: '500' })).size).toBe(0)
})

test('a new queue takes its place by number', () => {
  const whole = after(EMPTY, event('queues', { queues: [desk] }))
  expect([...after(whole, event('changed', { ...desk, queue: '300' })).keys()]).toEqual(['300', '500'])
})

test('who is logged off is not at work', () => {
  expect(atWork(desk)).toBe(4)
})

test('the longest wait runs here, and never backwards', () => {
  const now = Date.parse('2026-11-22T10:00:30Z')
  expect(longestWait({ ...desk, waiting_since: '2026-11-22T10:00:00Z' }, now)).toBe(30)
  expect(longestWait({ ...desk, waiting_since: '2026-11-22T10:00:31Z' }, now)).toBe(0)
  expect(longestWait(desk, now)).toBeNull()
})
