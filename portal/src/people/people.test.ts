import { expect, test } from 'vitest'
import { rolesToGive, standing } from './people'

test('nobody gives a role above their own, and each role where it belongs', () => {
  expect(rolesToGive('account', true)).toEqual(['end_user', 'supervisor', 'account'])
  expect(rolesToGive('supervisor', true)).toEqual(['end_user', 'supervisor'])
  expect(rolesToGive('platform', false)).toEqual(['partner', 'platform'])
  expect(rolesToGive('partner', false)).toEqual(['partner'])
})

test('who has no password yet is invited, unless signing in elsewhere or shut out', () => {
  expect(standing({ disabled: false, password: false, outside: false })).toBe('invited')
  expect(standing({ disabled: false, password: false, outside: true })).toBe('active')
  expect(standing({ disabled: true, password: true, outside: false })).toBe('disabled')
})
