// The JSON Schema (2020-12) that the exchange makes of a settings model, as far as Pydantic writes it.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string
  title?: string
  description?: string
  default?: Json
  const?: Json
  enum?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  discriminator?: { propertyName: string; mapping?: Record<string, string> }
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  pattern?: string
  format?: string
  /** What a plain value stands for, such as `destination`. */
  'x-centrale'?: string
  /** What each value of `enum` is called. */
  'x-words'?: Record<string, string>
  kind?: string
  /** Of a `language`: which there are to choose from, with `|` between them. */
  only?: string
  outside?: string
  /** Of a `week`: the field of a row that says what counts then, and the field beside the list for all other times. */
  gives?: string
  otherwise?: string
}

export type Defs = Record<string, Schema>

/** A schema with its reference followed and its "or nothing" taken apart. */
export interface Resolved {
  schema: Schema
  /** May it be left empty? */
  optional: boolean
}

/** Follows `$ref`; what stands beside it (title, default) wins. `X | null` becomes X, optional. */
export function resolve(schema: Schema, defs: Defs): Resolved {
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema
    const target = defs[$ref.replace('#/$defs/', '')] ?? {}
    return resolve({ ...target, ...beside }, defs)
  }
  const choices = schema.anyOf ?? []
  const something = choices.filter((choice) => choice.type !== 'null')
  const only = something[0]
  if (choices.length > 0 && something.length === 1 && only !== undefined) {
    const { anyOf: _, ...beside } = schema
    return { schema: resolve({ ...only, ...beside, title: beside.title ?? only.title }, defs).schema, optional: true }
  }
  return { schema, optional: false }
}

/** What a new value of this schema looks like before anybody has typed. */
export function fresh(schema: Schema, defs: Defs): Json {
  if (schema.default !== undefined) return schema.default
  const { schema: it, optional } = resolve(schema, defs)
  if (it.default !== undefined) return it.default
  if (optional) return null
  if (it.const !== undefined) return it.const
  if (it.oneOf?.[0] !== undefined) return fresh(it.oneOf[0], defs)
  switch (it.type) {
    case 'object':
      return Object.fromEntries(Object.entries(it.properties ?? {}).map(([name, property]) => [name, fresh(property, defs)]))
    case 'array':
      return []
    case 'boolean':
      return false
    case 'string':
      return it.enum?.[0] ?? ''
    default:
      return null
  }
}

/** The branch of a union that a value is of, by its discriminator. */
export function branchOf(schema: Schema, value: Json, defs: Defs): number {
  const name = schema.discriminator?.propertyName
  const told = name !== undefined && isObject(value) ? value[name] : undefined
  const index = (schema.oneOf ?? []).findIndex((branch) => {
    const tag = name === undefined ? undefined : resolve(branch, defs).schema.properties?.[name]
    return tag !== undefined && (tag.const === told || tag.default === told)
  })
  return Math.max(0, index)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where the form of `value` has a place for what is wrong: the JSON pointers of its fields. */
export function pointersOf(schema: Schema, value: Json, defs: Defs, pointer = ''): string[] {
  const { schema: it } = resolve(schema, defs)
  const inside = (part: Schema, of: Json, name: string) => [
    `${pointer}/${name}`,
    ...pointersOf(part, of, defs, `${pointer}/${name}`),
  ]
  if (it.oneOf !== undefined) {
    const branch = it.oneOf[branchOf(it, value, defs)]
    return branch === undefined ? [] : pointersOf(branch, value, defs, pointer)
  }
  if (isObject(value)) {
    return Object.entries(it.properties ?? {}).flatMap(([name, part]) => inside(part, value[name] ?? null, name))
  }
  if (Array.isArray(value)) return value.flatMap((row, index) => inside(it.items ?? {}, row, String(index)))
  return []
}

export interface Placed {
  /** By pointer of a field that is there. */
  at: Record<string, string>
  /** What belongs to no field. */
  elsewhere: string[]
}

/** Puts each problem at its field, or at the nearest one around it. */
export function placed(problems: Record<string, string>, pointers: Iterable<string>): Placed {
  const known = new Set(pointers)
  const found: Placed = { at: {}, elsewhere: [] }
  for (const [pointer, message] of Object.entries(problems)) {
    let place = pointer
    while (place !== '' && !known.has(place)) place = place.slice(0, place.lastIndexOf('/'))
    if (place === '') found.elsewhere.push(message)
    else found.at[place] = [found.at[place], message].filter(Boolean).join(' ')
  }
  return found
}

/** What stands at a JSON pointer. */
export function valueAt(value: Json, pointer: string): Json {
  let found: Json = value
  for (const part of pointer.split('/').slice(1)) {
    found = (Array.isArray(found) ? found[Number(part)] : isObject(found) ? found[part] : null) ?? null
  }
  return found
}

/** The name of the field at `path`, with those around it: `Voicemail › Longest message`. */
export function titleAt(schema: Schema, path: string[], value: Json, defs: Defs): string {
  const titles: string[] = []
  let [part, here]: [Schema, Json] = [schema, value]
  for (const name of path) {
    let { schema: it } = resolve(part, defs)
    if (it.oneOf !== undefined) it = resolve(it.oneOf[branchOf(it, here, defs)] ?? {}, defs).schema
    part = it.properties?.[name] ?? it.items ?? {}
    here = valueAt(here, `/${name}`)
    titles.push(resolve(part, defs).schema.title ?? name)
  }
  return titles.join(' › ')
}

/** The schema of the field at `path`; of a union, the first branch that has it. */
export function schemaAt(schema: Schema, path: string[], defs: Defs): Schema {
  const [name, ...rest] = path
  const { schema: it } = resolve(schema, defs)
  if (name === undefined) return it
  const branches = [it, ...(it.oneOf ?? []).map((branch) => resolve(branch, defs).schema)]
  const part = branches.map((branch) => branch.properties?.[name]).find((found) => found !== undefined) ?? it.items ?? {}
  return schemaAt(part, rest, defs)
}
