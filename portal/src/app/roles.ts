import type { Person } from './Session'

const ORDER = ['end_user', 'supervisor', 'account', 'partner', 'platform'] as const

/** May this person do what `role` may? The exchange itself refuses what is not allowed; this only hides it. */
export function isAtLeast(person: Person, role: Person['role']): boolean {
  return ORDER.indexOf(person.role) >= ORDER.indexOf(role)
}
