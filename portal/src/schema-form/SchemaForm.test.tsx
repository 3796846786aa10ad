import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { FakeExchange } from '../testing/exchange'
import { show } from '../testing/stage'
import { SchemaForm } from './SchemaForm'
import { fresh, type Json, type Schema } from './schema'
import { FormWorldProvider } from './world'

/** A kind that nobody has thought of yet, with a field of every type that there is. */
const lighthouse: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    type: { const: 'lighthouse', default: 'lighthouse' },
    name: { type: 'string', title: 'Name', maxLength: 40 },
    story: { type: 'string', title: 'Story', maxLength: 2000, default: '' },
    turns: { type: 'integer', title: 'Turns', minimum: 1, maximum: 9, default: 3 },
    wait: { type: 'integer', 'x-centrale': 'seconds', title: 'Wait', default: 20 },
    lit: { type: 'boolean', title: 'Lit', default: false },
    colour: { $ref: '#/$defs/Colour', title: 'Colour', default: 'red' },
    keeper: { type: 'string', 'x-centrale': 'extension', kind: 'user', title: 'Keeper' },
    relief: {
      anyOf: [{ type: 'string', 'x-centrale': 'destination', outside: 'yes' }, { type: 'null' }],
      title: 'Relief',
      default: null,
    },
    all: { anyOf: [{ type: 'string', 'x-centrale': 'destinations' }, { type: 'null' }], title: 'All', default: null },
    own: { anyOf: [{ type: 'string', 'x-centrale': 'own-number' }, { type: 'null' }], title: 'Own number', default: null },
    spoken: { anyOf: [{ type: 'string', 'x-centrale': 'language' }, { type: 'null' }], title: 'Spoken', default: null },
    horn: { anyOf: [{ type: 'string', 'x-centrale': 'sound' }, { type: 'null' }], title: 'Horn', default: null },
    badge: { type: 'string', 'x-centrale': 'prefix', title: 'Badge', default: '' },
    key: { type: 'string', 'x-centrale': 'secret', title: 'Key', default: '' },
    dusk: { type: 'string', 'x-centrale': 'wall-time', title: 'Dusk', default: '17:30' },
    moon: { type: 'string', 'x-centrale': 'phase-of-the-moon', title: 'Moon', default: '' },
    crew: { type: 'array', items: { type: 'string', 'x-centrale': 'extension', kind: 'user' }, title: 'Crew', default: [] },
    ships: { type: 'array', items: { $ref: '#/$defs/Ship' }, title: 'Ships', default: [] },
    radio: { anyOf: [{ $ref: '#/$defs/Ship' }, { type: 'null' }], title: 'Radio', default: null },
    flag: {
      title: 'Flag',
      discriminator: { propertyName: 'type' },
      oneOf: [{ $ref: '#/$defs/Plain' }, { $ref: '#/$defs/Striped' }],
    },
  },
  $defs: {
    Colour: { type: 'string', enum: ['red', 'white'], 'x-words': { red: 'Deep red', white: 'Bright white' } },
    Ship: { type: 'object', properties: { mast: { type: 'string', title: 'Mast', default: '' } } },
    Plain: { type: 'object', title: 'Plain', properties: { type: { const: 'plain', default: 'plain' } } },
    Striped: {
      type: 'object',
      title: 'Striped',
      properties: {
        type: { const: 'striped', default: 'striped' },
        stripes: { type: 'integer', title: 'Stripes', default: 2 },
      },
    },
  },
}

let held: Json

function Form({ problems = {} }: { problems?: Record<string, string> }) {
  const defs = lighthouse.$defs ?? {}
  const [value, setValue] = useState<Json>(() => fresh(lighthouse, defs))
  const keep = (changed: Json) => {
    held = changed
    setValue(changed)
  }
  return (
    <FormWorldProvider value={{ account: 1, defs, problems }}>
      <SchemaForm schema={lighthouse} value={value} onChange={keep} />
    </FormWorldProvider>
  )
}

beforeEach(() => void new FakeExchange())
afterEach(() => vi.unstubAllGlobals())

test('a kind that the portal has never heard of has a form, with a field for everything', async () => {
  const user = userEvent.setup()
  show(<Form />)
  await user.type(await screen.findByRole('textbox', { name: /Name/ }), 'Brandaris')
  await user.type(screen.getByRole('textbox', { name: 'Story' }), 'Since 1594.')
  await user.clear(screen.getByRole('textbox', { name: 'Turns' }))
  await user.type(screen.getByRole('textbox', { name: 'Turns' }), '5')
  await user.click(screen.getByRole('switch', { name: 'Lit' }))
  await user.click(screen.getByRole('combobox', { name: 'Colour' }))
  await user.click(await screen.findByRole('option', { name: 'Bright white' }))
  await user.type(screen.getByRole('textbox', { name: 'Moon' }), 'full')
  await user.type(screen.getByLabelText('Key'), '4711')
  expect(held).toMatchObject({
    type: 'lighthouse',
    name: 'Brandaris',
    story: 'Since 1594.',
    turns: 5,
    wait: 20,
    lit: true,
    colour: 'white',
    moon: 'full',
    key: '4711',
  })
  expect(screen.getByLabelText('Key')).toHaveAttribute('type', 'password')
  for (const label of ['Keeper', 'Relief', 'All', 'Own number', 'Spoken', 'Horn']) {
    expect(screen.getByRole('combobox', { name: new RegExp(`^${label}`) })).toBeVisible()
  }
})

test('rows come and go, a part is switched on, and another kind of flag has other fields', async () => {
  const user = userEvent.setup()
  show(<Form />)
  const ships = await screen.findByRole('group', { name: 'Ships' })
  await user.click(within(ships).getByRole('button', { name: 'Add' }))
  await user.click(within(ships).getByRole('button', { name: 'Add' }))
  const masts = within(ships).getAllByRole('textbox', { name: 'Mast' })
  await user.type(masts[0]!, 'tall')
  await user.click(within(ships).getAllByRole('button', { name: 'Move down' })[0]!)
  await user.click(screen.getByRole('switch', { name: 'Radio' }))
  await user.click(screen.getByRole('combobox', { name: 'Flag' }))
  await user.click(await screen.findByRole('option', { name: 'Striped' }))
  expect(held).toMatchObject({
    ships: [{ mast: '' }, { mast: 'tall' }],
    radio: { mast: '' },
    flag: { type: 'striped', stripes: 2 },
  })
})

test('what the exchange finds wrong stands at its field, which says so to those who do not see it', async () => {
  show(<Form problems={{ '/name': 'A lighthouse needs a name.', '/crew': 'Too few hands.' }} />)
  const name = await screen.findByRole('textbox', { name: /Name/ })
  expect(name).toBeInvalid()
  expect(name).toHaveAccessibleDescription('A lighthouse needs a name.')
  expect(within(screen.getByRole('group', { name: 'Crew' })).getByRole('alert')).toHaveTextContent('Too few hands.')
})
