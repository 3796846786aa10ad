import type { JsonObject, Schema } from '../schema-form/schema'
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

/** The same with the partners to choose from by name; their ids are numbers, and what one chooses is text. */
export function withPartners(schema: Schema, partners: readonly { id: number; name: string }[]): Schema {
  const { title, description } = schema.properties?.partner ?? {}
  const choice: Schema = {
    type: 'string',
    enum: partners.map((it) => String(it.id)),
    'x-words': Object.fromEntries(partners.map((it) => [String(it.id), it.name])),
  }
  return {
    ...schema,
    properties: { ...schema.properties, partner: { title, description, anyOf: [choice, { type: 'null' }] } },
  }
}

/** What is sent: only a partner's person has a partner, whatever was chosen before the role. */
export function toInvite(value: JsonObject): JsonObject {
  const { partner, ...rest } = value
  return value.role === 'partner' && partner != null && partner !== '' ? { ...rest, partner: Number(partner) } : rest
}
