import { expect, test } from 'vitest'
import { placeOf } from './places'

test('where a thing is, with what is special in an address written safely', () => {
  expect(placeOf(3, 'extension', '201')).toBe('/accounts/3/extensions/201')
  expect(placeOf(3, 'number', '+31201234567')).toBe('/accounts/3/numbers/%2B31201234567')
  expect(placeOf(3, 'playlist', 'x')).toBeNull()
})
