import { expect, test } from 'vitest'
import type { Person } from '../app/Session'
import { isSuppliers, named, nextOf, placeOfStep, type Stand } from './steps'

const person = (role: Person['role']) => ({ role }) as Person
const stand = (step: Stand['step'], done: boolean | null): Stand => ({ step, done, there: 0, missing: [] })

test('what comes next is the first step that is left; what cannot be told is not in the way', () => {
  expect(nextOf([stand('people', true), stand('registered', null), stand('numbers', false), stand('call', false)])).toBe(
    'numbers',
  )
  expect(nextOf([stand('people', true), stand('registered', null)])).toBeNull()
})

test('only who may arrange it is led there; others are told whom to ask', () => {
  expect(placeOfStep('outside', 3, person('platform'))).toBe('/accounts/3/settings#trunks')
  expect(placeOfStep('outside', 3, person('partner'))).toBeNull()
  expect(isSuppliers('outside', person('partner'))).toBe(true)
  expect(isSuppliers('numbers', person('account'))).toBe(true)
  expect(isSuppliers('numbers', person('partner'))).toBe(false)
  expect(isSuppliers('people', person('account'))).toBe(false)
})

test('many missing things are named in part', () => {
  expect(named(['201', '202'], (it) => `u${it}`)).toEqual({ names: 'u201, u202', more: 0 })
  expect(named(['1', '2', '3'], (it) => it, 2)).toEqual({ names: '1, 2', more: 1 })
})
