// @vitest-environment happy-dom

// What an exchange tells of a change, and which of the things on a page are fetched anew.
import { expect, test } from 'vitest'
import { concerns, gathered, tellsOfRecords } from './changes'

const change = (types: string[], account: number | null = 7) => ({ account, types })

test.each([
  [['extension', 7, '201'], ['extension'], true],
  [['extensions', 7, true], ['extension'], true],
  [['plans', 7, 'active', 1], ['holiday'], true],
  [['extension', 8, '201'], ['extension'], false],
  [['people', 7], ['web user'], true],
  [['person', 3], ['web user'], true],
  [['session'], ['web user'], true],
  [['session'], ['extension'], false],
  [['trunks'], ['extension'], false],
  [['audit', 7, {}], ['extension'], true],
  [['records', 7, {}], [], false],
  [['people', 7], [], true],
])('%j after a change of %j: %s', (key, types, expected) => {
  expect(concerns(key, change(types))).toBe(expected)
})

test('logons and messages, which come all day, have little fetched', () => {
  expect(concerns(['logons', 7], change(['logon']))).toBe(true)
  expect(concerns(['plans', 7, 'schemas'], change(['logon']))).toBe(false)
  expect(concerns(['messages', 7, '290'], change(['message']))).toBe(true)
  expect(concerns(['extensions', 7], change(['message']))).toBe(false)
  expect(concerns(['me', 'messages'], change(['message']))).toBe(true)
  expect(concerns(['plans', 7, 'schemas'], change(['logon', 'plan']))).toBe(true)
  expect(concerns(['me'], change(['record']))).toBe(false)
})

test('what belongs to the platform has nothing of a customer fetched', () => {
  expect(concerns(['trunks'], change([], null))).toBe(true)
  expect(concerns(['accounts', ''], change([], null))).toBe(true)
  expect(concerns(['extensions', 7], change([], null))).toBe(false)
})

test('several changes of one customer are one', () => {
  expect(gathered([change(['plan']), change(['extension']), change(['plan'], 8)])).toEqual([
    change(['plan', 'extension']),
    change(['plan'], 8),
  ])
  expect(gathered([change(['plan']), change([])])).toEqual([change([])])
  expect(gathered([change([]), change(['plan'])])).toEqual([change([])])
})

test('a list of calls hears of records, also where it is not said what has changed', () => {
  expect(tellsOfRecords(change(['record', 'extension']), 7)).toBe(true)
  expect(tellsOfRecords(change([]), 7)).toBe(true)
  expect(tellsOfRecords(change([]))).toBe(true)
  expect(tellsOfRecords(change(['extension']), 7)).toBe(false)
  expect(tellsOfRecords(change(['record'], 8), 7)).toBe(false)
})
