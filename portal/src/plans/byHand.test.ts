import { expect, test } from 'vitest'
import type { Holiday } from './data'
import { chosenByHand, tonight, untilOf } from './byHand'

const holiday = (start: string, end: string, temporary: boolean): Holiday => ({
  id: 1,
  description: 'Closed',
  start,
  end,
  plan: 3,
  temporary,
})

test('a choice for a while tells when it ends, from the moment at which it was made', () => {
  const schema = { override: null, holidays: [holiday('2026-12-24 10:00', '2026-12-24 17:30', true)] }
  expect(chosenByHand(schema, '2026-12-24T10:00:00')).toEqual({ plan: 3, until: '2026-12-24 17:30' })
  expect(chosenByHand(schema, '2026-12-24T17:30:00')).toBeNull()
  expect(chosenByHand(schema, '2026-12-24T09:59:40')?.plan).toBe(3)
})

test('a holiday is no choice by hand, and one for good goes before one for a while', () => {
  const schema = { override: null, holidays: [holiday('2026-12-24 00:00', '2026-12-27 00:00', false)] }
  expect(chosenByHand(schema, '2026-12-25T10:00:00')).toBeNull()
  expect(chosenByHand({ ...schema, override: 2 }, '2026-12-25T10:00:00')).toEqual({ plan: 2, until: null })
})

test('what the exchange is told', () => {
  expect(untilOf('always', '2026-12-24T17:30')).toBeNull()
  expect(untilOf('change', '')).toBe('change')
  expect(untilOf('time', '2026-12-24T17:30')).toBe('2026-12-24 17:30')
  expect(tonight('2026-12-24T10:00:00')).toBe('2026-12-24T23:59')
})
