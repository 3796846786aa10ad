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

/** What callers hear before the tone: a sound, a text that is spoken, or neither: the standard words. */
export function greetingOf(extension: Pick<Extension, 'kind' | 'settings'>): { sound: string | null; text: string | null } {
  const settings = extension.settings as (Box & { voicemail?: Box | null }) | undefined
  const box = extension.kind === 'user' ? settings?.voicemail : settings
  return { sound: box?.welcome?.sound ?? null, text: box?.welcome?.text ?? null }
}

/** The change that makes callers hear `sound`; null: the standard words. */
export function withGreeting(extension: Pick<Extension, 'kind'>, sound: string | null): object {
  const welcome = sound === null ? null : { sound, text: null, language: null }
  return { settings: extension.kind === 'user' ? { voicemail: { welcome } } : { welcome } }
}

interface Box {
  welcome?: { sound?: string | null; text?: string | null } | null
}
