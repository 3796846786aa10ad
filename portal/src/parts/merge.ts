// Two people changed the same thing: what can be put together without asking, and what cannot.
import { isObject, type Json, type JsonObject } from '../schema-form/schema'

/** A field that both changed, each in another way. */
export interface Clash {
  path: string[]
  mine: Json
  theirs: Json
}

export interface Merged {
  value: JsonObject
  clashes: Clash[]
  /** The fields that only they changed. */
  taken: string[][]
}

/** Takes the change of whoever made one; where both did, mine stands until somebody chooses. */
export function merge(base: JsonObject, mine: JsonObject, theirs: JsonObject, path: string[] = []): Merged {
  const value: JsonObject = {}
  const clashes: Clash[] = []
  const taken: string[][] = []
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, my, their] = [base[name] ?? null, mine[name] ?? null, theirs[name] ?? null]
    const here = [...path, name]
    if (same(my, their) || same(was, their)) value[name] = my
    else if (isObject(my) && isObject(their)) {
      const inner = merge(isObject(was) ? was : {}, my, their, here)
      value[name] = inner.value
      clashes.push(...inner.clashes)
      taken.push(...inner.taken)
    } else if (same(was, my)) {
      value[name] = their
      taken.push(here)
    } else {
      value[name] = my
      clashes.push({ path: here, mine: my, theirs: their })
    }
  }
  return { value, clashes, taken }
}

/** `value` with `put` at `path`. */
export function withValue(value: JsonObject, path: string[], put: Json): JsonObject {
  const [name, ...rest] = path
  if (name === undefined) return value
  const inner = value[name]
  return { ...value, [name]: rest.length === 0 ? put : withValue(isObject(inner) ? inner : {}, rest, put) }
}

export function same(one: Json, other: Json): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((it, index) => same(it, other[index] ?? null))
  }
  if (isObject(one) && isObject(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)])
    return [...names].every((name) => same(one[name] ?? null, other[name] ?? null))
  }
  return one === other
}
