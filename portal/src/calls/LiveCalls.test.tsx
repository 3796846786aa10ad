// What runs now, by the names of who telephones, on a wide screen and on a telephone's.
import { cleanup, screen } from '@testing-library/react'
import { FakeExchange } from '../testing/exchange'
import { show } from '../testing/stage'
import { LiveCalls } from './LiveCalls'

const CALL = {
  id: 'one',
  state: 'talking',
  direction: 'inside',
  started: '2026-11-22T10:00:00Z',
  answered: '2026-11-22T10:00:05Z',
  caller: '201',
  caller_name: '',
  called: '300',
  answered_by: '202',
  users: ['201', '202'],
}

beforeEach(() => {
  const exchange = new FakeExchange()
  exchange.on('GET', '/api/v1/accounts/1/calls/events', () => {
    const text = `id: r-1\nevent: calls\ndata: ${JSON.stringify({ calls: [CALL] })}\n\n`
    return new Response(text, { headers: { 'Content-Type': 'text/event-stream' } })
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** The window is so wide. */
function wide(pixels: number) {
  ;(window as unknown as { happyDOM: { setViewport: (size: object) => void } }).happyDOM.setViewport({ width: pixels })
}

test('who is talked with is told by name', async () => {
  wide(1280)
  show(<LiveCalls />, '/accounts/1')
  expect(await screen.findByRole('cell', { name: '202 Bakker' })).toBeVisible()
})

test('on the width of a telephone nothing lies beside the screen: each call is told from top to bottom', async () => {
  wide(375)
  show(<LiveCalls />, '/accounts/1')
  const call = await screen.findByRole('listitem')
  for (const words of ['201 Jansen → 300', 'Talking', 'With 202 Bakker', 'Hang up']) expect(call).toHaveTextContent(words)
  expect(screen.queryByRole('table')).toBeNull()
})
