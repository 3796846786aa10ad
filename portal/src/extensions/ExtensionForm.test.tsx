// Nothing that somebody types is lost, whatever happens meanwhile (issue 5 point 6, PTL-3).
import { act, cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Versioned } from '../api/client'
import { FakeExchange, json, refusal } from '../testing/exchange'
import { show } from '../testing/stage'
import { ExtensionForm } from './ExtensionForm'
import type { Extension, Kind } from './extensions'

const group: Kind = {
  name: 'group',
  title: { en: 'Group', nl: 'Groep' },
  settings: {
    type: 'object',
    properties: {
      ring_for: { type: 'integer', title: 'Rings for', default: 20 },
      greeting: { type: 'string', title: 'Greeting', default: '' },
      members: { type: 'array', title: 'Members', items: { type: 'string', 'x-centrale': 'extension', kind: 'user' } },
    },
  },
}

const HERE = '/api/v1/accounts/1/extensions/300'
const sales = (changed: object = {}, name = 'Sales') =>
  ({
    number: '300',
    kind: 'group',
    name,
    summary: 'rings Jansen',
    settings: { ring_for: 20, greeting: '', members: ['201'], ...changed },
    has_pin: false,
    has_voicemail_pin: false,
  }) as unknown as Extension

let exchange: FakeExchange
/** What the exchange has now, and its version. */
let stored: { value: Extension; etag: string }

beforeEach(() => {
  exchange = new FakeExchange()
  stored = { value: sales(), etag: '"1"' }
  exchange.on('GET', HERE, () => json(stored.value, { etag: stored.etag }))
  exchange.on('PATCH', HERE, ({ body, headers }) => {
    if (headers.get('If-Match') !== stored.etag) return refusal(412, 'precondition-failed')
    stored = { value: { ...stored.value, ...(body as Extension) }, etag: `${stored.etag.slice(0, -1)}1"` }
    return json(stored.value, { etag: stored.etag })
  })
  exchange.on('POST', '/api/v1/accounts/1/extensions/check', () => json({ summary: 'rings Jansen for longer', problems: [] }))
})
afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

function Page() {
  const [seen] = useState<Versioned<Extension>>({ value: sales(), etag: '"1"' })
  return (
    <>
      <Link to="/elsewhere">Elsewhere</Link>
      <ExtensionForm account={1} kind={group} stored={seen} keptAs="extension 1 300" mayChange onSaved={() => undefined} />
    </>
  )
}

async function opened() {
  const user = userEvent.setup()
  const shown = show(<Page />)
  const greeting = await screen.findByLabelText('Greeting')
  return { user, greeting, ...shown }
}

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

/** Somebody else saves this meanwhile. */
function meanwhile(changed: object, name?: string) {
  stored = { value: sales(changed, name), etag: '"9"' }
}

test('other fields of two administrators go together, and the second is told which the first one changed', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  meanwhile({ ring_for: 45 })
  await press('Save')
  await waitFor(() => expect(stored.value.settings).toMatchObject({ ring_for: 45, greeting: 'Hello' }))
  expect(await screen.findByLabelText('Rings for')).toHaveValue('45')
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('where both changed the same field the second one sees both, and chooses', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  meanwhile({ greeting: 'Good day', ring_for: 45 }, 'Sales and service')
  await press('Save')
  const dialog = await screen.findByRole('dialog', { name: 'Somebody else changed this meanwhile' })
  expect(within(dialog).getByText(/Name, Rings for/)).toBeVisible()
  const choice = within(dialog).getByRole('radiogroup', { name: 'Greeting' })
  expect(within(choice).getByRole('radio', { name: 'Mine: Hello' })).toBeChecked()
  await user.click(within(choice).getByRole('radio', { name: 'Theirs: Good day' }))
  await user.click(within(dialog).getByRole('button', { name: 'Go on with these' }))
  await waitFor(() => expect(greeting.isConnected ? greeting : screen.getByLabelText('Greeting')).toHaveValue('Good day'))
  expect(stored.value).toMatchObject({ name: 'Sales and service', settings: { ring_for: 45, greeting: 'Good day' } })
})

test.each(['signed-out', 'unauthorized'] as const)(
  'the session ends in the middle (%s): one signs in again right there, and what was typed is saved',
  async (kind) => {
    const { user, greeting } = await opened()
    await user.type(greeting, 'Hello')
    exchange.expired = kind
    await press('Save')
    const again = await screen.findByRole('dialog', { name: 'Sign in' })
    expect(greeting).toHaveValue('Hello')
    await user.type(within(again).getByLabelText(/Password/), 'four green horses')
    await user.click(within(again).getByRole('button', { name: 'Sign in' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await press('Save')
    await waitFor(() => expect(stored.value.settings).toMatchObject({ greeting: 'Hello' }))
    expect(exchange.heard('PATCH', HERE).at(-1)?.headers.get('X-CSRF-Token')).toBe('new word')
  },
)

test('the exchange is away: it is said so, what was typed stays, and when it is back that is said, too', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  exchange.away = true
  await press('Save')
  expect(await screen.findAllByText(/The exchange does not answer/)).not.toHaveLength(0)
  expect(greeting).toHaveValue('Hello')
  exchange.away = false
  expect(await screen.findByText('It answers again.', undefined, { timeout: 10_000 })).toBeVisible()
  await press('Save')
  await waitFor(() => expect(stored.value.settings).toMatchObject({ greeting: 'Hello' }))
})

test('a page that is loaded again has what was typed, meant for the version that was seen; it can be thrown away', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  const kept = { ...sessionStorage } // as a browser keeps it: a reload unmounts nothing
  cleanup()
  for (const [name, text] of Object.entries(kept)) sessionStorage.setItem(name, String(text))
  meanwhile({ ring_for: 45 })
  show(<Page />)
  expect(await screen.findByText(/What you typed before this page was loaded again is back/)).toBeVisible()
  expect(screen.getByLabelText('Greeting')).toHaveValue('Hello')
  await press('Throw it away')
  expect(screen.getByLabelText('Greeting')).toHaveValue('')
  expect(Object.keys(sessionStorage)).toEqual([])
})

test('who would leave with changes is asked first, and may stay', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  await user.click(screen.getByRole('link', { name: 'Elsewhere' }))
  await user.click(await screen.findByRole('button', { name: 'Stay here' }))
  expect(greeting).toHaveValue('Hello')
  await user.click(screen.getByRole('link', { name: 'Elsewhere' }))
  await user.click(await screen.findByRole('button', { name: 'Leave without saving' }))
  expect(await screen.findByRole('heading', { name: 'Elsewhere' })).toBeVisible()
  expect(Object.keys(sessionStorage)).toEqual([])
})

test('who has changed nothing, or saved it, leaves without a question', async () => {
  const { user, greeting, go } = await opened()
  await user.type(greeting, 'Hello')
  await press('Save')
  await waitFor(() => expect(stored.value.settings).toMatchObject({ greeting: 'Hello' }))
  await act(() => go('/elsewhere'))
  expect(await screen.findByRole('heading', { name: 'Elsewhere' })).toBeVisible()
})

test('a refused field is told where it is and has the focus; what belongs to no field stands at the top', async () => {
  const { user, greeting } = await opened()
  exchange.on('PATCH', HERE, () =>
    refusal(422, 'invalid', {
      '/settings/greeting': 'It is too short.',
      '/settings/members/0': 'He left.',
      '/moon': 'It is full.',
    }),
  )
  await user.type(greeting, 'H')
  await press('Save')
  await waitFor(() => expect(greeting).toHaveFocus())
  expect(greeting).toBeInvalid()
  expect(screen.getByText('He left.')).toBeVisible()
  expect(within(screen.getAllByRole('alert')[0]!).getByText('It is full.')).toBeVisible()
  await user.type(greeting, 'i')
  expect(greeting).toBeValid() // what is typed now has not been judged
})

test('while one types, the exchange says what it would do, and what is wrong with what was typed', async () => {
  const { user, greeting } = await opened()
  await user.type(greeting, 'Hello')
  expect(await screen.findByText('Once saved: rings Jansen for longer')).toBeVisible()
  exchange.on('POST', '/api/v1/accounts/1/extensions/check', () =>
    json({
      summary: null,
      problems: [
        { field: '/settings/greeting', message: 'It is too long.' },
        { field: '/settings/ring_for', message: 'Not your doing.' },
      ],
    }),
  )
  await user.type(greeting, ' and welcome')
  expect(await screen.findByText('It is too long.')).toBeVisible()
  expect(screen.queryByText('Not your doing.')).toBeNull()
})

/** A page that has just heard of what somebody else saved, and fetched it. */
function PageThatHears() {
  const [seen, setSeen] = useState<Versioned<Extension>>({ value: sales(), etag: '"1"' })
  return (
    <>
      <button onClick={() => setSeen({ ...stored })}>Hear of it</button>
      <ExtensionForm account={1} kind={group} stored={seen} keptAs={null} mayChange onSaved={() => undefined} />
    </>
  )
}

test('what somebody else saves is shown at once where nobody types, and leaves alone what somebody types', async () => {
  const user = userEvent.setup()
  show(<PageThatHears />)
  const greeting = await screen.findByLabelText('Greeting')
  stored = { value: sales({ greeting: 'Good day' }), etag: '"2"' }
  await press('Hear of it')
  expect(greeting).toHaveValue('Good day')
  await user.type(greeting, ', Sales')
  stored = { value: sales({ greeting: 'Good day', ring_for: 45 }), etag: '"3"' }
  await press('Hear of it')
  expect(greeting).toHaveValue('Good day, Sales')
  await press('Save')
  await waitFor(() => expect(stored.value.settings).toMatchObject({ greeting: 'Good day, Sales', ring_for: 45 }))
})
