import { expect, test } from 'vitest'
import { qrPath } from './qr'

test('a QR code has its three corners and leaves room around', () => {
  const { size, path } = qrPath('otpauth://totp/Centrale:anna@example.org?secret=ABCDEFGHIJKLMNOP&issuer=Centrale')
  const dark = new Set(path.split('z').map((part) => part.replace(/h1v1h-1$/, '')))
  const corner = 4
  for (const [column, row] of [
    [corner, corner],
    [size - corner - 1, corner],
    [corner, size - corner - 1],
  ]) {
    expect(dark.has(`M${column} ${row}`)).toBe(true)
  }
  expect(dark.has(`M${size - corner - 1} ${size - corner - 1}`) && size < 40).toBe(false)
  expect([...dark].some((it) => it.startsWith('M3 '))).toBe(false)
})
