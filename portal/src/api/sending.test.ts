// @vitest-environment happy-dom

import { FakeExchange, json, refusal } from '../testing/exchange'
import { api, got, keepCsrf, onSignedOut, Unreachable } from './client'

let exchange: FakeExchange
beforeEach(() => {
  vi.useFakeTimers()
  exchange = new FakeExchange()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const TOKENS = '/api/v1/tokens'
const make = () => got(api.POST(TOKENS, { body: { name: 'New' } as never }))
const keys = () => exchange.heard('POST', TOKENS).map((it) => it.headers.get('Idempotency-Key'))

test('a create whose answer got lost is sent once more, with the same key', async () => {
  let times = 0
  exchange.on('POST', TOKENS, () => {
    if (++times === 1) throw new TypeError('connection reset')
    return json({ id: 7 }, { status: 201 })
  })
  const made = make()
  await vi.runAllTimersAsync()
  expect(await made).toEqual({ id: 7 })
  const [first, second] = keys()
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(second).toBe(first)
})

test('who presses the button again after that means the same one; the next one is another', async () => {
  exchange.away = true
  const lost = expect(make()).rejects.toBeInstanceOf(Unreachable)
  await vi.advanceTimersByTimeAsync(1_000)
  await lost
  exchange.away = false
  exchange.on('POST', TOKENS, () => json({ id: 7 }, { status: 201 }))
  await make()
  await make()
  const [first, second, third, fourth] = keys()
  expect([second, third]).toEqual([first, first])
  expect(fourth).not.toBe(first)
})

test('a refusal is an answer: it is not sent again', async () => {
  exchange.on('POST', TOKENS, () => refusal(422, 'invalid', { '/name': 'It is taken.' }))
  await expect(make()).rejects.toMatchObject({ fields: { '/name': 'It is taken.' } })
  expect(keys()).toHaveLength(1)
})

test('who signed in anew in another tab goes on here with the new word', async () => {
  keepCsrf('old word', 1)
  exchange.on('POST', TOKENS, ({ headers }) =>
    headers.get('X-CSRF-Token') === 'word' ? json({ id: 7 }, { status: 201 }) : refusal(403, 'csrf'),
  )
  expect(await make()).toEqual({ id: 7 })
})

test('nothing is sent in the name of somebody else who signed in in another tab', async () => {
  keepCsrf('old word', 2)
  exchange.on('POST', TOKENS, () => refusal(403, 'csrf'))
  const asked = vi.fn()
  const leave = onSignedOut(asked)
  await expect(make()).rejects.toMatchObject({ kind: 'signed-out' })
  leave()
  expect(asked).toHaveBeenCalledOnce()
  expect(keys()).toHaveLength(1)
})
