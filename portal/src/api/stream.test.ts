// @vitest-environment happy-dom

import { Stream, waitBefore } from './stream'

/** An exchange whose connections we hold in hand. */
function exchange() {
  const connections: { lastId: string | null; say: (text: string) => void; breakOff: () => void; signal: AbortSignal }[] = []
  const stream = new Stream<string[]>({
    start: [],
    after: (value, event) => [...value, event.data],
    open: async (lastId, signal) => {
      let controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (it) => void (controller = it) })
      const say = (text: string) => controller.enqueue(new TextEncoder().encode(text))
      connections.push({ lastId, say, breakOff: () => controller.close(), signal })
      return body
    },
  })
  return { connections, stream }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('several listeners share one connection, and the last one that leaves ends it', async () => {
  const { connections, stream } = exchange()
  const first = stream.subscribe(() => undefined)
  const second = stream.subscribe(() => undefined)
  await settled()
  expect(connections).toHaveLength(1)
  first()
  expect(connections[0]!.signal.aborted).toBe(false)
  second()
  expect(connections[0]!.signal.aborted).toBe(true)
})

test('a broken connection is told, and taken up again behind the last event', async () => {
  const { connections, stream } = exchange()
  stream.subscribe(() => undefined)
  await settled()
  connections[0]!.say('id: r-1\ndata: one\n\n')
  await settled()
  expect(stream.now).toEqual({ value: ['one'], state: 'live' })
  connections[0]!.breakOff()
  await settled()
  expect(stream.now.state).toBe('stale')
  await vi.advanceTimersByTimeAsync(waitBefore(0))
  expect(connections[1]!.lastId).toBe('r-1')
  connections[1]!.say('id: r-2\ndata: two\n\n')
  await settled()
  expect(stream.now).toEqual({ value: ['one', 'two'], state: 'live' })
})

test('a connection that is silent for too long leads nowhere and is given up', async () => {
  const { connections, stream } = exchange()
  stream.subscribe(() => undefined)
  await settled()
  await vi.advanceTimersByTimeAsync(45_000)
  expect(connections[0]!.signal.aborted).toBe(true)
})

test('back online, nobody waits for the next try', async () => {
  const { connections, stream } = exchange()
  stream.subscribe(() => undefined)
  await settled()
  connections[0]!.breakOff()
  await settled()
  dispatchEvent(new Event('online'))
  await settled()
  expect(connections).toHaveLength(2)
})

/** The page is seen, or hidden behind another. */
function seen(visibilityState: 'visible' | 'hidden') {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibilityState)
  document.dispatchEvent(new Event('visibilitychange'))
}

test('a page that nobody sees for a minute gives its connection back, and takes it up when it is seen', async () => {
  const { connections, stream } = exchange()
  const leave = stream.subscribe(() => undefined)
  await settled()
  connections[0]!.say('id: r-1\ndata: one\n\n')
  await settled()
  seen('hidden')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(connections[0]!.signal.aborted).toBe(false)
  connections[0]!.say(': still here\n\n')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(connections[0]!.signal.aborted).toBe(true)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(connections).toHaveLength(1)
  seen('visible')
  await settled()
  expect(connections[1]!.lastId).toBe('r-1')
  leave()
})

test('after a sleep it connects anew at once, although no timer has noticed', async () => {
  const { connections, stream } = exchange()
  const leave = stream.subscribe(() => undefined)
  await settled()
  connections[0]!.say('id: r-1\ndata: one\n\n')
  await settled()
  vi.setSystemTime(Date.now() + 3_600_000)
  seen('visible')
  await settled()
  expect(connections.map((it) => it.lastId)).toEqual([null, 'r-1'])
  leave()
})

test('tries come soon at first and never rarer than twice a minute', () => {
  expect([0, 1, 2, 10].map(waitBefore)).toEqual([1000, 2000, 4000, 30_000])
})
