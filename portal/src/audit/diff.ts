// What a change changed, field by field, so that people can read it.
import type { Json, JsonObject } from '../schema-form/schema'
import { isObject } from '../schema-form/schema'

export interface Difference {
  /** Where it stands: `forwards › busy`. */
  path: string[]
  before: Json | undefined
  after: Json | undefined
}

/** The fields that differ; of something created or deleted, those that hold anything. */
export function differences(before: JsonObject | null, after: JsonObject | null, path: string[] = []): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names.flatMap((name) => {
    const [was, is] = [before?.[name], after?.[name]]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const here = [...path, name]
    if ((isObject(was) || was == null) && (isObject(is) || is == null) && (isObject(was) || isObject(is))) {
      return differences(isObject(was) ? was : null, isObject(is) ? is : null, here)
    }
    if (nothing(was) && nothing(is)) return []
    return [{ path: here, before: was, after: is }]
  })
}

/** A value as one reads it; `empty` stands for nothing. */
export function readable(value: Json | undefined, words: { empty: string; yes: string; no: string }): string {
  if (nothing(value)) return words.empty
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (Array.isArray(value)) return value.map((it) => readable(it, words)).join(', ')
  if (isObject(value)) {
    return Object.entries(value)
      .filter(([, it]) => !nothing(it))
      .map(([name, it]) => `${name.replaceAll('_', ' ')} ${readable(it, words)}`)
      .join(', ')
  }
  return String(value)
}

function nothing(value: Json | undefined): value is null | undefined {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0)
}
