// @vitest-environment happy-dom

import { expect, test } from 'vitest'
import { addressOf, type Contact, isOurs, shareOf } from './contacts'

const contact = (owner: string | null): Contact => ({
  id: 1,
  owner,
  shown_as: 'Eva Vos',
  first_name: 'Eva',
  prefix: '',
  surname: 'Vos',
  company: '',
  numbers: [],
  email: '',
  notes: '',
  favourite: false,
})

test('the two books have addresses of their own', () => {
  expect(addressOf({ account: 7, own: false })).toBe('/api/v1/accounts/7/contacts')
  expect(addressOf({ account: 7, own: true })).toBe('/api/v1/me/contacts')
})

test("in one's own book the company's contacts are only looked at", () => {
  expect(isOurs({ account: 7, own: true }, contact(null))).toBe(false)
  expect(isOurs({ account: 7, own: true }, contact('201'))).toBe(true)
  expect(isOurs({ account: 7, own: false }, contact(null))).toBe(true)
})

test('how far an import is is known once the file has been read', () => {
  expect(shareOf({ running: true, done: 0, of: 0 })).toBeNull()
  expect(shareOf({ running: true, done: 250, of: 1000 })).toBe(0.25)
  expect(shareOf({ running: false, done: 0, of: 0 })).toBeNull()
})
