import { expect, test } from 'vitest'
import { inOwnWords } from './words'

test('what the exchange says of itself is told in Dutch, with its values', () => {
  expect(inOwnWords('running: supervisor 12, Asterisk 34', 'nl')).toBe('draait: toezicht 12, Asterisk 34')
  expect(inOwnWords('set CENTRALE_SMTP_URL and CENTRALE_MAIL_FROM', 'nl')).toBe('stel CENTRALE_SMTP_URL en CENTRALE_MAIL_FROM in')
  expect(inOwnWords('can be made', 'en')).toBe('can be made')
})

test('what nobody has translated stays as it was said', () => {
  expect(inOwnWords('3.11.2', 'nl')).toBe('3.11.2')
})
