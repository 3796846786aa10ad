// What the exchange really describes (tools/portal.py writes it), for component tests.
import described from '../../../build/forms.json'
import type { Kind } from '../extensions/extensions'
import type { Schema } from '../schema-form/schema'

export const forms = described.forms as unknown as Record<string, Schema>

/** Every kind of extension; its title is its name. */
export function describedKinds(): Kind[] {
  const kinds = described.kinds as unknown as Record<string, Record<string, unknown>>
  return Object.entries(kinds).map(([name, settings]) => ({ name, title: { en: name, nl: name }, settings }))
}
