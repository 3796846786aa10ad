// What is not there yet is made right where it is needed, of every kind that there is, and nothing typed is lost (PTL-3).
import { cleanup, fireEvent, screen, waitFor, within as inside } from '@testing-library/react'
import { FakeExchange, json, refusal } from '../testing/exchange'
import { show } from '../testing/stage'
import { describedKinds } from '../testing/described'
import { NewExtensionDialog } from './NewExtensionDialog'
import { ExtensionForm } from './ExtensionForm'
import type { Extension } from './extensions'

const kinds = describedKinds()
const limit = kinds.find((it) => it.name === 'call_limit')!

let made: Extension[]
/** Lists of extensions are not answered soon. */
let busy: boolean

beforeEach(() => {
  made = []
  busy = false
  const exchange = new FakeExchange()
  exchange.on('GET', '/api/v1/kinds', () => json({ items: kinds, next: null }))
  exchange.on('GET', '/api/v1/accounts/1', () => json({ timezone: 'Europe/Amsterdam' }))
  exchange.on('GET', '/api/v1/accounts/1/extensions', () => {
    const people = [{ number: '201', name: 'Jansen', kind: 'user', settings: {}, summary: '' }]
    return busy ? new Promise(() => undefined) : json({ items: people, next: null })
  })
  exchange.on('POST', '/api/v1/accounts/1/extensions/check', () => json({ summary: null, problems: [] }))
  exchange.on('POST', '/api/v1/accounts/1/extensions', ({ body }) => {
    const given = body as Extension
    const settings = (given.settings ?? {}) as Record<string, unknown>
    const missing = requiredOf(given.kind).filter((name) => ['', null, undefined].includes(settings[name] as string))
    if (missing.length > 0) return refusal(422, 'invalid', { [`/settings/${missing[0]}`]: 'It is missing.' })
    made.push({ ...given, summary: '' })
    return json(made.at(-1), { status: 201, etag: '"1"' })
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const requiredOf = (kind: string) => (kinds.find((it) => it.name === kind)!.settings as { required?: string[] }).required ?? []

const put = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } })

/** The windows over the page. By their roles it takes a minute. */
const windows = () => [...document.querySelectorAll<HTMLElement>('[role=dialog]')]
async function choose(field: HTMLElement, option: string) {
  fireEvent.click(field)
  const list = await waitFor(() => document.getElementById(field.getAttribute('aria-controls') ?? '') ?? Promise.reject())
  const options = await inside(list).findAllByRole('option', { hidden: true })
  fireEvent.click(options.find((it) => it.textContent === option)!)
}

/** Fills in what has to be there, as somebody does who reads only what has a star; a text is something to say. */
async function fillIn(number: string, name: string) {
  const form = await waitFor(() => windows().at(-1)?.querySelector('form') ?? Promise.reject())
  const typed = [number, name] // what every kind begins with
  for (const text of form.querySelectorAll('textarea')) put(text, 'Good day.')
  for (const field of form.querySelectorAll<HTMLInputElement>('input[required]')) {
    const next = typed.shift()
    if (next !== undefined) put(field, next)
    else if (field.value !== '') continue
    else if (field.getAttribute('role') === 'combobox') await choose(field, '201 Jansen')
    else put(field, field.type === 'tel' ? '+31612345678' : '3')
  }
}

async function save(kind: string) {
  fireEvent.click(windows().at(-1)!.querySelector('button[type=submit]')!)
  await waitFor(() => expect(made.at(-1)?.kind).toBe(kind))
}

test('made in the midst of a form: it is chosen there then, by its name, and all that was typed before still stands', async () => {
  show(<ExtensionForm account={1} kind={limit} stored={null} keptAs={null} mayChange onSaved={() => undefined} />)
  put(await screen.findByLabelText(/^Number( \*)?$/), '530')
  put(screen.getByLabelText(/^Name( \*)?$/), 'Lunch')
  const makeHere = screen.getAllByText('Make a new one')[0]!
  const where = makeHere.closest('form')!.querySelector<HTMLInputElement>('input[role=combobox]')!
  fireEvent.click(makeHere)
  await choose((await screen.findAllByLabelText('Which kind?'))[0]!, 'menu')
  await fillIn('700', 'Welcome')
  busy = true
  await save('menu')
  await waitFor(() => expect(windows()).toEqual([]))
  expect(where).toHaveValue('700 Welcome')
  expect(screen.getByLabelText(/^Number( \*)?$/)).toHaveValue('530')
  expect(screen.getByLabelText(/^Name( \*)?$/)).toHaveValue('Lunch')
})

test('every kind can be made so, with the fields that have a star filled in', async () => {
  for (const [index, { name }] of kinds.entries()) {
    const onMade = vi.fn()
    show(<NewExtensionDialog account={1} kinds={[name]} onClose={() => undefined} onMade={onMade} />)
    await waitFor(() => expect(windows()).toHaveLength(1))
    await fillIn(String(700 + index), name)
    await save(name)
    await waitFor(() => expect(onMade).toHaveBeenCalledWith(expect.objectContaining({ number: String(700 + index) })))
    cleanup()
  }
  expect(kinds.length).toBeGreaterThan(10)
})
