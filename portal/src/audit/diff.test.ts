import { expect, test } from 'vitest'
import { differences, readable } from './diff'

const words = { empty: '(empty)', yes: 'yes', no: 'no' }

test('only what differs, and deep inside only that', () => {
  const before = { name: 'Anna', settings: { ring_for: 60, forwards: { busy: null, always: '202' } } }
  const after = { name: 'Anna', settings: { ring_for: 20, forwards: { busy: '203', always: '202' } } }
  expect(differences(before, after)).toEqual([
    { path: ['settings', 'ring_for'], before: 60, after: 20 },
    { path: ['settings', 'forwards', 'busy'], before: null, after: '203' },
  ])
})

test('of something new, what it holds', () => {
  expect(differences(null, { name: 'Desk', language: null, members: [] })).toEqual([
    { path: ['name'], before: undefined, after: 'Desk' },
  ])
})

test('a part that went is told in full', () => {
  expect(differences({ intro: { sound: 'x.wav' } }, { intro: null })).toEqual([
    { path: ['intro', 'sound'], before: 'x.wav', after: undefined },
  ])
})

test('values read like words', () => {
  expect(readable(null, words)).toBe('(empty)')
  expect(readable(false, words)).toBe('no')
  expect(readable(['201', '202'], words)).toBe('201, 202')
  expect(readable([{ e164: '+31201234567', prefix: '' }], words)).toBe('e164 +31201234567')
})
