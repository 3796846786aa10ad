import { expect, test } from 'vitest'
import { remembered } from './calls'

test('calls as one remembers them', () => {
  const call = { caller: '201', caller_name: 'Jansen', called: '202', answered: null }
  expect(remembered(call, '201')).toEqual({ way: 'made', other: '202' })
  expect(remembered(call, '202')).toEqual({ way: 'missed', other: '201 Jansen' })
  expect(remembered({ ...call, answered: '2026-11-23T09:00:00Z' }, '202').way).toBe('got')
  expect(remembered({ ...call, caller: 'anonymous', caller_name: '' }, '202').other).toBe('')
})
