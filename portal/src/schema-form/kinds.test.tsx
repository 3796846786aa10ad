// What the exchange really describes is drawn as what it stands for: nothing falls back to a bare text unnoticed (design §4).
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { FakeExchange, json } from '../testing/exchange'
import { show } from '../testing/stage'
import described from '../../../build/forms.json'
import { fresh, type Json, type Schema } from './schema'
import { SchemaForm } from './SchemaForm'
import { SEMANTIC } from './semantic'
import { FormWorldProvider } from './world'

const kinds = described.kinds as unknown as Record<string, Schema>
const forms = described.forms as unknown as Record<string, Schema>

/** The forms that a page draws by their name. */
const drawn = Object.values(import.meta.glob<string>('../**/*.tsx', { eager: true, query: '?raw', import: 'default' }))
  .flatMap((page) => [...page.matchAll(/\bform="([a-z_]+)"/g)])
  .map(([, name]) => name ?? '')

/** Every schema inside `schema`, with where it stands. */
function parts(schema: Json, at = ''): { at: string; part: Schema }[] {
  if (schema === null || typeof schema !== 'object') return []
  const inner = Object.entries(schema).flatMap(([name, it]) => (name === 'default' ? [] : parts(it, `${at}/${name}`)))
  return Array.isArray(schema) ? inner : [{ at, part: schema as Schema }, ...inner]
}

const all = (schema: Schema) => parts(schema as unknown as Json)
const meanings = (schema: Schema) => all(schema).flatMap(({ part }) => part['x-centrale'] ?? [])

test.each(Object.keys(kinds))('everything that a field of a %s stands for has a widget of its own', (kind) => {
  const strange = meanings(kinds[kind]!).filter((meaning) => !(meaning in SEMANTIC))
  expect(strange).toEqual([])
})

test('so it is with all other forms that a page draws', () => {
  expect(drawn).toContain('webhook')
  const strange = drawn.flatMap((form) => meanings(forms[form]!).filter((meaning) => !(meaning in SEMANTIC)))
  expect(strange).toEqual([])
})

test('a long text says whether it has one line or several', () => {
  const schemas = [...Object.entries(kinds), ...drawn.map((form) => [form, forms[form]!] as const)]
  const vague = schemas.flatMap(([name, schema]) =>
    all(schema)
      .filter(({ part }) => part.type === 'string' && (part.maxLength ?? 0) > 200 && part['x-centrale'] === undefined)
      // `X | null`: what it stands for is told around it.
      .filter(({ at }) => !all(schema).some((around) => around.part['x-centrale'] && at.startsWith(`${around.at}/anyOf/`)))
      .map(({ at }) => `${name}${at}`),
  )
  expect(vague).toEqual([])
})

/** What a reader finds for each meaning. A new one is to be described here. */
const SEEN: Record<string, string> = {
  destination: 'combobox',
  destinations: 'combobox',
  extension: 'combobox',
  'own-number': 'combobox',
  sound: 'combobox',
  language: 'combobox',
  timezone: 'combobox',
  country: 'combobox',
  'outside-number': 'input[type=tel]',
  'telephone-number': 'input[type=tel]',
  'mail-address': 'input[type=email]',
  email: 'input[type=email]',
  'web-address': 'input[type=url]',
  'area-code': 'input[inputmode=numeric]',
  'wall-time': 'input[inputmode=numeric]',
  seconds: 'input[inputmode=decimal]',
  keys: 'input[inputmode=tel]',
  prefix: 'input',
  channel: 'input',
  secret: 'input[type=password]',
  paragraph: 'textarea',
  week: 'group',
}

test('and each of them is drawn as such', async () => {
  const exchange = new FakeExchange()
  exchange.on('GET', '/api/v1/accounts/1', () => json({ timezone: 'Asia/Tokyo' }))
  // One form with a field of each meaning, as the exchange describes it.
  const found = [...Object.values(kinds), ...drawn.map((form) => forms[form]!)].flatMap(all)
  const properties: Record<string, Schema> = {}
  for (const { part } of found) {
    const meaning = part['x-centrale']
    if (meaning !== undefined) properties[meaning] ??= { ...part, title: `A ${meaning}`, description: undefined }
  }
  const defs = Object.assign({}, ...Object.values(kinds).map((kind) => kind.$defs ?? {})) as Record<string, Schema>
  const schema: Schema = { type: 'object', properties }
  show(
    <FormWorldProvider value={{ account: 1, defs, problems: {} }}>
      <SchemaForm schema={schema} value={fresh(schema, defs)} onChange={() => undefined} />
    </FormWorldProvider>,
  )
  await screen.findByRole('group', { name: 'The week, seven days of 24 hours' })
  const seen = Object.fromEntries(Object.keys(properties).map((meaning) => [meaning, looksOf(`A ${meaning}`, SEEN[meaning])]))
  expect(seen).toEqual(Object.fromEntries(Object.keys(properties).map((meaning) => [meaning, SEEN[meaning]])))
  cleanup()
  vi.unstubAllGlobals()
})

test('who signs in reads Dutch or English, and chooses it by its name', async () => {
  new FakeExchange()
  const schema: Schema = { type: 'object', properties: { language: forms.web_user!.properties!.language! } }
  show(
    <FormWorldProvider value={{ account: 1, defs: {}, problems: {} }}>
      <SchemaForm schema={schema} value={{ language: 'nl' }} onChange={() => undefined} />
    </FormWorldProvider>,
  )
  const field = await screen.findByRole('combobox', { name: 'Language' })
  expect(field).toHaveValue('Nederlands')
  fireEvent.click(field)
  const options = await screen.findAllByRole('option')
  expect(options.map((it) => it.textContent)).toEqual(['Nederlands', 'English'])
  cleanup()
  vi.unstubAllGlobals()
})

/** `wanted`, if the field of that name is so; otherwise what it is. */
function looksOf(label: string, wanted: string | undefined): string | undefined {
  const isFrame = (it: Element) => it.tagName === 'FIELDSET' && within(it as HTMLElement).queryByText(label) !== null
  const frame = [...document.querySelectorAll('fieldset')].find(isFrame)
  const field = frame ?? screen.queryAllByLabelText(new RegExp(`^${label}( \\*)?$`))[0]
  if (field === undefined) return 'nothing'
  const isSo =
    wanted === 'group' || wanted === 'combobox' ? roleOf(field) === wanted : wanted !== undefined && field.matches(wanted)
  return isSo ? wanted : field.outerHTML
}

function roleOf(field: Element): string {
  return field.tagName === 'FIELDSET' ? 'group' : (field.getAttribute('role') ?? field.tagName)
}
