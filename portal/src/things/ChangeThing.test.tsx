// Two administrators have the same thing open, of whatever sort: channel, trunk, number, contact, web user, webhook, or
// the customer's settings. All of them are this one form (issue 5 point 6).
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { api, gotVersion } from '../api/client'
import { FakeExchange, json, refusal } from '../testing/exchange'
import { show } from '../testing/stage'
import { ChangeThing } from './ChangeThing'

const HERE = '/api/v1/trunks/carrier'
const fields = {
  type: 'object',
  properties: {
    host: { type: 'string', title: 'Host', default: '' },
    description: { type: 'string', title: 'Description', default: '' },
  },
}

let stored: { value: object; etag: string }

beforeEach(() => {
  const exchange = new FakeExchange()
  stored = { value: { name: 'carrier', host: 'a.example', description: '' }, etag: '"1"' }
  exchange.on('GET', '/api/v1/forms/trunk', () => json({ fields }))
  exchange.on('GET', HERE, () => json(stored.value, { etag: stored.etag }))
  exchange.on('PATCH', HERE, ({ body, headers }) => {
    if (headers.get('If-Match') !== stored.etag) return refusal(412, 'precondition-failed')
    stored = { value: { ...stored.value, ...(body as object) }, etag: `${stored.etag.slice(0, -1)}1"` }
    return json(stored.value, { etag: stored.etag })
  })
})
afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

function Page() {
  const path = { name: 'carrier' }
  return (
    <ChangeThing
      form="trunk"
      account={1}
      queryKey={['trunk', 'carrier']}
      read={() => gotVersion(api.GET('/api/v1/trunks/{name}', { params: { path } }))}
      write={(body, etag) =>
        gotVersion(api.PATCH('/api/v1/trunks/{name}', { params: { path, header: { 'if-match': etag } }, body: body as never }))
      }
    />
  )
}

async function opened() {
  const user = userEvent.setup()
  show(<Page />)
  return { user, host: await screen.findByLabelText('Host'), description: await screen.findByLabelText('Description') }
}

const save = () => userEvent.click(screen.getByRole('button', { name: 'Save' }))

test('different fields go together', async () => {
  const { user, description } = await opened()
  await user.type(description, 'main')
  stored = { value: { ...stored.value, host: 'b.example' }, etag: '"2"' }
  await save()
  await waitFor(() => expect(stored.value).toMatchObject({ host: 'b.example', description: 'main' }))
})

test('of the same field both versions are shown, and the second one chooses', async () => {
  const { user, host } = await opened()
  await user.clear(host)
  await user.type(host, 'c.example')
  stored = { value: { ...stored.value, host: 'b.example' }, etag: '"2"' }
  await save()
  const dialog = await screen.findByRole('dialog')
  expect(dialog).toHaveTextContent('b.example')
  expect(dialog).toHaveTextContent('c.example')
  expect(stored.value).toMatchObject({ host: 'b.example' })
  await user.click(within(dialog).getByRole('radio', { name: /c\.example/ }))
  await user.click(within(dialog).getAllByRole('button').at(-1)!)
  await waitFor(() => expect(stored.value).toMatchObject({ host: 'c.example' }))
})

test('one that somebody else deleted stays to be read', async () => {
  const { user, description } = await opened()
  await user.type(description, 'main')
  stored = { ...stored, etag: '"gone"' }
  const exchange = new FakeExchange()
  exchange.on('GET', '/api/v1/forms/trunk', () => json({ fields }))
  exchange.on('GET', HERE, () => refusal(404, 'not-found'))
  exchange.on('PATCH', HERE, () => refusal(404, 'not-found'))
  await save()
  expect(await screen.findByRole('alert')).toBeVisible()
  expect(description).toHaveValue('main')
})
