// What the fields of a change are called, from the forms that they were filled in with.
import type { Defs, Json, Schema } from '../schema-form/schema'
import { branchOf, resolve } from '../schema-form/schema'

/** The form of an object type, where the exchange has one of another name. */
export const FORM_OF: Record<string, string> = {
  account: 'account',
  channel: 'channel',
  contact: 'contact',
  number: 'number',
  schema: 'schema',
  plan: 'plan',
  schedule: 'schedule_entry',
  holiday: 'holiday',
  expectation: 'expectation',
  'web user': 'web_user',
  token: 'token',
  trunk: 'trunk',
  partner: 'partner',
  sound: 'sound',
  music: 'music',
  logon: 'logon',
  trunks: 'account_trunks',
  webhook: 'webhook',
}

export interface Found {
  schema: Schema
  defs: Defs
}

/** The schema of the field at `path`, as far as it is known; of a choice between forms, the first that has it. */
export function at(form: Schema, path: string[]): Found | null {
  const defs = form.$defs ?? {}
  let now = resolve(form, defs).schema
  for (const part of path) {
    if (now.items !== undefined) now = resolve(now.items, defs).schema // places in a list are left out
    const branches = now.oneOf === undefined ? [now] : [now.oneOf[branchOf(now, null, defs)], ...now.oneOf]
    const inner = branches.flatMap((it) => (it === undefined ? [] : [resolve(it, defs).schema.properties?.[part]]))
    const property = inner.find((it) => it !== undefined)
    if (property === undefined) return null
    now = resolve(property, defs).schema
  }
  return { schema: now, defs }
}

/** `Doorschakelen › Bij bezet`; a field that no form has is shown as the exchange calls it. */
export function nameOf(form: Schema | undefined, path: string[]): string {
  return path
    .flatMap((part, index) => {
      if (index === 0 && part === 'settings' && path.length > 1) return [] // every extension has them
      const found = form === undefined ? null : at(form, path.slice(0, index + 1))
      return [found?.schema.title ?? part.replaceAll('_', ' ')]
    })
    .join(' › ')
}

/** A value by what it is called where it was chosen; others as they are. */
export function worded(form: Schema | undefined, path: string[], value: Json | undefined): Json | undefined {
  const found = form === undefined ? null : at(form, path)
  if (found === null) return value
  const words = (schema: Schema) => (schema as { 'x-words'?: Record<string, string> })['x-words']
  const choose = (schema: Schema, it: Json) => (typeof it === 'string' ? (words(schema)?.[it] ?? it) : it)
  if (Array.isArray(value) && found.schema.items !== undefined) {
    const item = resolve(found.schema.items, found.defs).schema
    return value.map((it) => choose(item, it))
  }
  return value === undefined ? undefined : choose(found.schema, value)
}
