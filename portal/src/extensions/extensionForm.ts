// What the form of an extension holds, and what of it is sent.
import { signedInAs, type Versioned } from '../api/client'
import { fresh, type JsonObject, type Schema } from '../schema-form/schema'
import type { Extension, Kind } from './extensions'

export interface Draft {
  number: string
  name: string
  pin: string
  voicemailPin: string
  settings: JsonObject
}

/** What is typed, and the version that it changes; null for a new one. */
export interface Work {
  base: Versioned<Extension> | null
  draft: Draft
}

export function begin(kind: Kind, stored: Versioned<Extension> | null): Work {
  const schema = kind.settings as Schema
  const settings = fresh(schema, schema.$defs ?? {}) as JsonObject
  const empty = { number: '', name: '', pin: '', voicemailPin: '', settings }
  return { base: stored, draft: stored === null ? empty : draftOf(stored.value) }
}

export function draftOf({ number, name, settings }: Extension): Draft {
  return { number, name, pin: '', voicemailPin: '', settings: settings as JsonObject }
}

/** Name and settings: what two people may both have changed. */
export function mergeable({ name, settings }: Pick<Draft, 'name' | 'settings'>): JsonObject {
  return { name, settings }
}

/** PINs go along only when somebody typed one. */
export function pinsOf({ pin, voicemailPin }: Draft): { pin?: string; voicemail_pin?: string } {
  return { ...(pin ? { pin } : {}), ...(voicemailPin ? { voicemail_pin: voicemailPin } : {}) }
}

/** Without what is nobody's to read. */
export function harmless({ base, draft }: Work): Work {
  return { base, draft: { ...draft, pin: '', voicemailPin: '' } }
}

/** The name under which a draft is kept. */
export function draftName(account: number, kind: Kind, stored: Versioned<Extension> | null): string | null {
  return signedInAs() === null ? null : `extension ${account} ${stored?.value.number ?? `new ${kind.name}`}`
}
