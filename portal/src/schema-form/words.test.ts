// @vitest-environment happy-dom

import { resolve, type Schema } from './schema'
import { choiceIn } from './words'

const defs: Record<string, Schema> = {
  Strategy: { type: 'string', enum: ['ring_all', 'new_one'], 'x-words': { ring_all: 'Alle agenten tegelijk' } },
}

test('a choice is called what the exchange says, also where it is optional', () => {
  const { schema } = resolve({ anyOf: [{ $ref: '#/$defs/Strategy' }, { type: 'null' }], title: 'Strategie' }, defs)
  expect(schema.title).toBe('Strategie')
  expect(choiceIn(schema, 'ring_all')).toBe('Alle agenten tegelijk')
})

test('a choice without words is shown as it is: codes, such as 32', () => {
  expect(choiceIn({ type: 'string', enum: ['30', '32'] }, '32')).toBe('32')
})
