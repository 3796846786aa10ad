import type { Schema } from '../schema-form/schema'
import type { Role } from './people'

/** The form of a web user with only these roles to choose from. */
export function withRoles(schema: Schema, roles: Role[]): Schema {
  const role = schema.$defs?.Role
  if (role === undefined) return schema
  return {
    ...schema,
    $defs: { ...schema.$defs, Role: { ...role, enum: (role.enum ?? []).filter((it) => roles.includes(it as Role)) } },
  }
}
