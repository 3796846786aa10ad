// @vitest-environment happy-dom

import { expect, test } from 'vitest'
import { toInvite, withPartners } from './form'
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

test('a partner is chosen by name and sent as its number, and only for its own people', () => {
  const schema = withPartners({ properties: { partner: { title: 'Partner' } } }, [{ id: 7, name: 'Oost' }])
  expect(schema.properties?.partner?.anyOf?.[0]?.['x-words']).toEqual({ '7': 'Oost' })
  expect(toInvite({ role: 'partner', partner: '7' })).toEqual({ role: 'partner', partner: 7 })
  expect(toInvite({ role: 'platform', partner: '7' })).toEqual({ role: 'platform' })
  expect(toInvite({ role: 'account', account: 3 })).toEqual({ role: 'account', account: 3 })
})
