import { expect, test } from 'vitest'
import { countries, offset, timeZones } from './zones'

test('a time zone tells how far it is off, in winter and in summer', () => {
  expect(offset('Europe/Amsterdam', new Date('2026-01-10T12:00:00Z'))).toBe('UTC+01:00')
  expect(offset('Europe/Amsterdam', new Date('2026-07-10T12:00:00Z'))).toBe('UTC+02:00')
  expect(offset('UTC', new Date('2026-07-10T12:00:00Z'))).toBe('UTC')
  expect(timeZones(new Date()).some((it) => it.value === 'Europe/Amsterdam')).toBe(true)
})

test('countries are there by name, and regions are not', () => {
  const codes = countries().map((it) => it.value)
  expect(codes).toContain('NL')
  expect(codes).toContain('LV')
  expect(codes).not.toContain('EU')
  expect(codes).not.toContain('ZZ')
  expect(countries().find((it) => it.value === 'DE')?.label).toMatch(/\(DE\)$/)
})
