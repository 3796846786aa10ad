// @vitest-environment happy-dom

import { expect, test } from 'vitest'
import { changed, filled, inForm } from './form'

test('only what was changed is sent, whatever the order in which it stands', () => {
  const was = { name: 'Anna', rights: ['order'], forwards: { busy: '201', always: null } }
  expect(changed(was, { ...was, forwards: { always: null, busy: '201' } })).toEqual({})
  expect(changed(was, { ...was, name: 'Anne' })).toEqual({ name: 'Anne' })
  expect(changed(was, { ...was, rights: [] })).toEqual({ rights: [] })
})

test('an emptied field is sent as nothing', () => {
  expect(changed({ user: '201' }, { user: null })).toEqual({ user: null })
})

test('what nobody filled in is left to the exchange', () => {
  expect(filled({ name: null, dtmf: 'info', password: '', call_limit: 2, disabled: false })).toEqual({
    dtmf: 'info',
    call_limit: 2,
    disabled: false,
  })
})

test('what the exchange adds itself is not sent back', () => {
  expect(inForm({ id: 4, name: 'Anna' }, { properties: { name: { type: 'string' } } })).toEqual({ name: 'Anna' })
})
