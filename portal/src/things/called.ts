// What things are called by people: the exchange names them by number, key or id.
import type { Json, JsonObject, Schema } from '../schema-form/schema'

/** Looks up what something is called; null for what is not known (any more). */
export interface Names {
  extension: (number: string) => string | null
  /** By the numbers of its schema and its own. */
  plan: (schema: string, plan: string) => string | null
  schema: (number: string) => string | null
  sound: (file: string) => string | null
  kind: (name: string) => string | null
  account: (id: string) => string | null
  partner: (id: string) => string | null
}

export const NO_NAMES: Names = {
  extension: () => null,
  plan: () => null,
  schema: () => null,
  sound: () => null,
  kind: () => null,
  account: () => null,
  partner: () => null,
}

/** Their keys are ids, which tell nobody anything. */
const BY_ID = new Set(['partner', 'token', 'expectation', 'webhook', 'contact', 'message', 'notice', 'trunks', 'sound', 'music'])

/** The schema that every customer has, and most have no other. */
const MAIN = '1'

/** `201 Jansen`, `2 Gesloten`; `holds`: what is stored of it, as far as that is known. */
export function called(type: string, key: string, holds: JsonObject | null, names: Names): string {
  const said = holds?.name ?? holds?.description
  const own = typeof said === 'string' && said !== '' ? said : null
  const [first = '', second = ''] = key.split('/')
  const whom = (number: string) => names.extension(number) ?? number
  switch (type) {
    case 'extension':
      return own === null ? whom(key) : `${key} ${own}`
    case 'schema':
      return own === null ? (names.schema(key) ?? key) : `${key} ${own}`
    case 'plan': {
      const plan = own === null ? (names.plan(first, second) ?? second) : `${second} ${own}`
      return first === MAIN ? plan : `${plan} (${names.schema(first) ?? first})`
    }
    case 'schedule':
      return names.schema(first) ?? first
    case 'holiday':
      return own ?? ''
    case 'queue member':
      return `${whom(first)}: ${whom(second)}`
    case 'playlist':
      return key === '' ? '' : whom(key)
    case 'account':
      return own ?? names.account(key) ?? key
    case 'partner':
      return own ?? names.partner(key) ?? key
    case 'sound':
      return own ?? names.sound(key) ?? key
    default:
      return own ?? (BY_ID.has(type) ? '' : key)
  }
}

/** A value by the name of what it stands for; `field`: its schema, `path`: where it stands in a thing of `type`. */
export function calledValue(
  type: string,
  key: string,
  path: string[],
  field: Schema | undefined,
  value: Json | undefined,
  names: Names,
): Json | undefined {
  if (value == null || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((it) => calledValue(type, key, path, field?.items ?? field, it, names) ?? null)
  if (typeof value === 'object' && typeof value.e164 === 'string' && typeof value.destination === 'string') {
    return `${value.e164} → ${names.extension(value.destination) ?? value.destination}${value.prefix ? ` (${String(value.prefix)})` : ''}`
  }
  if (typeof value === 'object') {
    const part = (name: string) => field?.properties?.[name] ?? guessed(name)
    return Object.fromEntries(
      Object.entries(value).map(([name, it]) => [name, calledValue(type, key, [...path, name], part(name), it, names) ?? null]),
    )
  }
  const text = String(value)
  const last = path.at(-1)
  if (last === 'partner') return names.partner(text) ?? value
  if (type === 'extension' && last === 'kind') return names.kind(text) ?? value
  if (type === 'schema' && (last === 'standing' || last === 'override')) return names.plan(key, text) ?? value
  switch (field?.['x-centrale']) {
    case 'extension':
    case 'destination':
      return names.extension(text) ?? value
    case 'destinations':
      return text
        .split(';')
        .map((it) => names.extension(it) ?? it)
        .join(', ')
    case 'sound':
      return names.sound(text) ?? value
    case 'plan':
      return names.plan(key.split('/')[0] ?? '', text) ?? value
    default:
      return value
  }
}

/** Inside a list of things whose form is not at hand. */
function guessed(name: string): Schema | undefined {
  return ['destination', 'user', 'agent', 'member', 'extension'].includes(name) ? { 'x-centrale': 'extension' } : undefined
}

/** `settings.forwards.busy` or `members[2]` as the path of a field; places in a list are left out. */
export function pathOf(field: string): string[] {
  return field
    .replaceAll(/\[\d+\]/g, '')
    .split('.')
    .filter((part) => part !== '')
}
