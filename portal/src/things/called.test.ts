import { expect, test } from 'vitest'
import { called, calledValue, type Names, NO_NAMES, pathOf } from './called'

const names: Names = {
  ...NO_NAMES,
  extension: (number) => ({ '201': '201 Jansen', '300': '300 Verkoop' })[number] ?? null,
  plan: (schema, plan) => (schema === '1' && plan === '2' ? '2 Gesloten' : null),
  partner: (id) => (id === '7' ? 'Oost' : null),
  kind: (name) => (name === 'user' ? 'Gebruiker' : null),
}

test('things are called by their names, also when they are gone', () => {
  expect(called('extension', '201', null, names)).toBe('201 Jansen')
  expect(called('extension', '299', { name: 'De Wit' }, names)).toBe('299 De Wit')
  expect(called('plan', '1/2', null, names)).toBe('2 Gesloten')
  expect(called('queue member', '300/201', null, names)).toBe('300 Verkoop: 201 Jansen')
  expect(called('plan', '3/2', { name: 'Winter' }, { ...names, schema: () => '3 Filialen' })).toBe('2 Winter (3 Filialen)')
  expect(called('partner', '7', null, names)).toBe('Oost')
  expect(called('number', '+31201234567', null, names)).toBe('+31201234567')
})

test('an id that tells nobody anything is left out', () => {
  expect(called('message', '0b5c6c9e', null, names)).toBe('')
  expect(called('token', '4', { name: 'wallboard' }, names)).toBe('wallboard')
})

test('values are called by what they stand for', () => {
  const destination = { 'x-centrale': 'destination' }
  expect(calledValue('extension', '202', ['settings', 'forwards', 'busy'], destination, '201', names)).toBe('201 Jansen')
  expect(calledValue('extension', '202', ['settings', 'to'], { 'x-centrale': 'destinations' }, '201;0612', names)).toBe(
    '201 Jansen, 0612',
  )
  expect(calledValue('schema', '1', ['standing'], {}, 2, names)).toBe('2 Gesloten')
  expect(calledValue('account', 'DEMO', ['partner'], undefined, 7, names)).toBe('Oost')
  expect(calledValue('extension', '201', ['kind'], {}, 'user', names)).toBe('Gebruiker')
  const entries = [{ e164: '+31', destination: '300', prefix: 'Klant' }]
  expect(calledValue('plan', '1/2', ['entries'], { items: {} }, entries, names)).toEqual(['+31 → 300 Verkoop (Klant)'])
})

test('what has no name stays as it is', () => {
  expect(calledValue('channel', 'X', ['call_limit'], {}, 2, names)).toBe(2)
  expect(calledValue('channel', 'X', ['linked_user'], { 'x-centrale': 'extension' }, '299', names)).toBe('299')
})

test('a place in a list is no field', () => {
  expect(pathOf('settings.members[3]')).toEqual(['settings', 'members'])
})
