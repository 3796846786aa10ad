import { branchOf, fresh, resolve, type Schema } from './schema'

const defs: Record<string, Schema> = {
  Words: {
    type: 'object',
    title: 'Words',
    properties: { text: { type: 'string' }, sound: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null } },
  },
  ByCode: { type: 'object', properties: { type: { const: 'area_code', default: 'area_code' } } },
  ByNumber: { type: 'object', properties: { type: { const: 'caller', default: 'caller' } } },
}

test('a reference is followed, and what stands beside it wins', () => {
  const { schema, optional } = resolve({ $ref: '#/$defs/Words', title: 'Introduction' }, defs)
  expect([schema.title, schema.type, optional]).toEqual(['Introduction', 'object', false])
})

test('something or nothing is that something, and may be left empty', () => {
  const { schema, optional } = resolve({ anyOf: [{ $ref: '#/$defs/Words' }, { type: 'null' }], title: 'Welcome' }, defs)
  expect([schema.title, schema.type, optional]).toEqual(['Welcome', 'object', true])
})

test('a new thing has every field with its default', () => {
  const model: Schema = {
    type: 'object',
    properties: {
      said: { $ref: '#/$defs/Words' },
      rings: { type: 'integer', default: 20 },
      options: { type: 'array', items: { $ref: '#/$defs/Words' } },
      music: { type: 'boolean' },
      failover: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
  }
  expect(fresh(model, defs)).toEqual({ said: { text: '', sound: null }, rings: 20, options: [], music: false, failover: null })
})

test('the branch of a union is told by its discriminator', () => {
  const union: Schema = {
    oneOf: [{ $ref: '#/$defs/ByCode' }, { $ref: '#/$defs/ByNumber' }],
    discriminator: { propertyName: 'type' },
  }
  expect(branchOf(union, { type: 'caller' }, defs)).toBe(1)
  expect(branchOf(union, { type: 'unknown' }, defs)).toBe(0)
})
