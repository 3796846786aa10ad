import type { Extension } from '../extensions/extensions'
import { counted, type Message, takesMessages, greetingOf, withGreeting } from './mailboxes'

const extension = (kind: string, settings: object) => ({ number: '201', kind, name: 'x', settings }) as unknown as Extension

test('mailboxes take messages, and users whose own voicemail answers', () => {
  expect(takesMessages(extension('mailbox', {}))).toBe(true)
  expect(takesMessages(extension('user', { voicemail: { busy: false, no_answer: true, unreachable: false } }))).toBe(true)
  expect(takesMessages(extension('user', { voicemail: { busy: false, no_answer: false, unreachable: false } }))).toBe(false)
  expect(takesMessages(extension('group', {}))).toBe(false)
})

test('what nobody has heard is new', () => {
  const messages = [{ heard_at: null }, { heard_at: '2026-11-22T10:00:00Z' }, {}] as Message[]
  expect(counted(messages)).toEqual({ fresh: 2, heard: 1 })
})

test('a greeting is a mailbox’s own, or that of a user’s voicemail', () => {
  const own = { kind: 'mailbox', settings: { welcome: { sound: 'hello.wav', text: null } } } as never
  const users = { kind: 'user', settings: { voicemail: { welcome: { text: 'Hoi' } } } } as never
  expect(greetingOf(own)).toEqual({ sound: 'hello.wav', text: null })
  expect(greetingOf(users)).toEqual({ sound: null, text: 'Hoi' })
  expect(greetingOf({ kind: 'user', settings: { voicemail: null } } as never)).toEqual({ sound: null, text: null })
  expect(withGreeting({ kind: 'mailbox' }, null)).toEqual({ settings: { welcome: null } })
  expect(withGreeting({ kind: 'user' }, 'a.wav')).toEqual({
    settings: { voicemail: { welcome: { sound: 'a.wav', text: null, language: null } } },
  })
})
