import type { Schemas } from '../api/client'
import type { Extension } from '../extensions/extensions'

export type Message = Schemas['Message']

/** Do messages of callers end up here? A mailbox, or a user whose own voicemail answers in some case (VM-6). */
export function takesMessages(extension: Extension): boolean {
  if (extension.kind === 'mailbox') return true
  const { voicemail } = extension.settings as { voicemail?: Record<string, unknown> | null }
  return extension.kind === 'user' && ['busy', 'no_answer', 'unreachable'].some((when) => voicemail?.[when] === true)
}

/** New and heard ones among the messages that were looked at. */
export function counted(messages: readonly Message[]): { fresh: number; heard: number } {
  const fresh = messages.filter((it) => !it.heard_at).length
  return { fresh, heard: messages.length - fresh }
}
