import { expect, test } from 'vitest'
import type { Schema } from '../schema-form/schema'
import { nameOf, worded } from './names'

const role = { type: 'string', enum: ['account'], 'x-words': { account: 'Beheerder' } } as Schema
const form: Schema = {
  $defs: { Role: role, Forwards: { type: 'object', properties: { busy: { type: 'string', title: 'Bij bezet' } } } },
  properties: {
    role: { $ref: '#/$defs/Role', title: 'Rol' },
    roles: { type: 'array', title: 'Rollen', items: { $ref: '#/$defs/Role' } },
    forwards: { $ref: '#/$defs/Forwards', title: 'Doorschakelen' },
  },
}

test('fields are called as in their form, also deep inside', () => {
  expect(nameOf(form, ['role'])).toBe('Rol')
  expect(nameOf(form, ['forwards', 'busy'])).toBe('Doorschakelen › Bij bezet')
  expect(nameOf(form, ['has_pin'])).toBe('has pin')
  expect(nameOf(undefined, ['settings', 'ring_for'])).toBe('ring for')
})

test('so are chosen values', () => {
  expect(worded(form, ['role'], 'account')).toBe('Beheerder')
  expect(worded(form, ['roles'], ['account', 'other'])).toEqual(['Beheerder', 'other'])
  expect(worded(form, ['nowhere'], 'account')).toBe('account')
})

test('a field of the things in a list has its name, too', () => {
  const member = { type: 'object', properties: { agent: { type: 'string', title: 'Agent' } } } as Schema
  const queue: Schema = { properties: { members: { type: 'array', title: 'Leden', items: member } } }
  expect(nameOf(queue, ['members', 'agent'])).toBe('Leden › Agent')
})
