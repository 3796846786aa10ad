import type { PlanSchema } from '../plans/data'

/** Where a business number leads now: the destination in the plan that counts in its schema; null: nowhere. `active`:
 * which plan counts in each schema. */
export function leadsTo(e164: string, schemas: readonly PlanSchema[], active: ReadonlyMap<number, number | null>): string | null {
  for (const schema of schemas) {
    const plan = schema.plans.find((it) => it.number === active.get(schema.number))
    const entry = plan?.entries?.find((it) => it.e164 === e164)
    if (entry !== undefined) return entry.destination
  }
  return null
}
