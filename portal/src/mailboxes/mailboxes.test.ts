import type { Extension } from '../extensions/extensions'
import { counted, type Message, takesMessages } from './mailboxes'

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
