import { EventReader } from './eventStream'

test('an event that comes in pieces is one event', () => {
  const reader = new EventReader()
  expect(reader.read('id: a-1\nevent: beg')).toEqual([])
  expect(reader.read('an\ndata: {"id":"x"}\n')).toEqual([])
  expect(reader.read('\n')).toEqual([{ id: 'a-1', event: 'began', data: '{"id":"x"}' }])
})

test('comments keep the line open and are no events; lines may end in any way', () => {
  const reader = new EventReader()
  expect(reader.read(': ping\r\n\r\ndata: one\r\ndata: two\r\n\r\n')).toEqual([{ id: null, event: 'message', data: 'one\ntwo' }])
})

test('a line end that is cut in two is still one', () => {
  const reader = new EventReader()
  expect(reader.read('event: ended\r')).toEqual([])
  expect(reader.read('\ndata: 1\r')).toEqual([])
  expect(reader.read('\n\r\n')).toEqual([{ id: null, event: 'ended', data: '1' }])
})

test('the last id stays until another one comes', () => {
  const reader = new EventReader()
  const events = reader.read('id: 7\ndata: a\n\ndata: b\n\n')
  expect(events.map((it) => it.id)).toEqual(['7', '7'])
})
