// A file that could not be sent is not lost, and one whose answer was lost does not come twice (issue 5, bad input).
import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { FakeExchange } from '../testing/exchange'
import { show } from '../testing/stage'
import { Uploader } from './Uploader'

/** What the exchange does with each request, in turn; null: no answer comes. */
let answers: ({ status: number; body: object } | null)[]
let keys: string[]

class FakeRequest {
  upload: { onprogress: (() => void) | null } = { onprogress: null }
  onerror: () => void = () => undefined
  onload: () => void = () => undefined
  status = 0
  statusText = ''
  responseText = ''
  open() {}
  abort() {}
  getResponseHeader = () => 'application/json'
  setRequestHeader(name: string, value: string) {
    if (name === 'Idempotency-Key') keys.push(value)
  }
  send() {
    const answer = answers.shift()!
    setTimeout(() => {
      if (answer === null) return this.onerror()
      this.status = answer.status
      this.responseText = JSON.stringify(answer.body)
      this.onload()
    })
  }
}

const signedOut = { status: 401, body: { type: 'urn:centrale:problem:signed-out', detail: 'Sign in again.' } }
const made = { status: 201, body: { name: 'Hours' } }

beforeEach(() => {
  keys = []
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  new FakeExchange()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function choose(...names: string[]) {
  const added: string[] = []
  show(<Uploader<{ name: string }> address="/sounds" onAdded={(it) => added.push(it.name)} />)
  const files = names.map((name) => new File(['x'], name, { type: 'audio/wav', lastModified: 1 }))
  const user = userEvent.setup()
  await user.upload(await screen.findByLabelText('choose files'), files)
  return { user, added }
}

test('files of somebody whose session ended are sent by one button when they are in again', async () => {
  answers = [signedOut, made, { status: 201, body: { name: 'Welcome' } }]
  const { user, added } = await choose('hours.wav', 'welcome.wav')
  await user.click(await screen.findByRole('button', { name: 'Try again', hidden: true }))
  await vi.waitFor(() => expect(added).toEqual(['Hours', 'Welcome']))
  expect(new Set(keys).size).toBe(3)
})

test('one whose answer was lost is sent again under the same key, so that it is made once', async () => {
  answers = [null, made]
  const { user, added } = await choose('hours.wav')
  await user.click(await screen.findByRole('button', { name: 'Try again', hidden: true }))
  await vi.waitFor(() => expect(added).toEqual(['Hours']))
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})
