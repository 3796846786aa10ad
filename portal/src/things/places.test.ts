import { expect, test } from 'vitest'
import { placeOf } from './places'

test('where a thing is, with what is special in an address written safely', () => {
  expect(placeOf(3, 'extension', '201')).toBe('/accounts/3/extensions/201')
  expect(placeOf(3, 'number', '+31201234567')).toBe('/accounts/3/numbers/%2B31201234567')
  expect(placeOf(3, 'plan', '1/2')).toBe('/accounts/3/plans/1/plan/2')
  expect(placeOf(3, 'holiday', '1/77')).toBe('/accounts/3/plans/1/holidays')
  expect(placeOf(3, 'queue member', '300/201')).toBe('/accounts/3/queues/300')
  expect(placeOf(3, 'message', 'x')).toBeNull()
})
