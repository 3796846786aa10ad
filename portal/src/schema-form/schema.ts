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
  /** What a plain value stands for, such as `destination`. */
  'x-centrale'?: string
  /** What each value of `enum` is called. */
  'x-words'?: Record<string, string>
  kind?: string
  outside?: string
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
