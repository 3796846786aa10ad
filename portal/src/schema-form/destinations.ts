// What can be chosen where a call goes on to: extensions grouped by kind, and outside numbers as they are typed.
import type { Extension } from '../extensions/extensions'

export interface Group {
  group: string
  items: { value: string; label: string }[]
}

/** What somebody types as an outside number; spaces, dots and dashes are for reading. */
export function outsideNumber(typed: string): string | null {
  const digits = typed.replace(/[\s.()-]/g, '')
  return /^\+?[0-9]{6,15}$/.test(digits) ? digits : null
}

/** The extensions as choices, in the order of the kinds' names; numbers are found by their beginning and by the name. */
export function groupsOf(extensions: readonly Extension[], titleOf: (kind: string) => string): Group[] {
  const groups = new Map<string, Group>()
  for (const { kind, number, name } of extensions) {
    const group = groups.get(kind) ?? { group: titleOf(kind), items: [] }
    group.items.push({ value: number, label: `${number} ${name}` })
    groups.set(kind, group)
  }
  return [...groups.values()].sort((one, other) => one.group.localeCompare(other.group))
}

/** A group with the outside numbers that are chosen, or typed now. */
export function outsideGroup(numbers: readonly (string | null)[], group: string, label: (number: string) => string): Group[] {
  const values = [...new Set(numbers.filter((it): it is string => it !== null && it !== ''))]
  return values.length === 0 ? [] : [{ group, items: values.map((value) => ({ value, label: label(value) })) }]
}
