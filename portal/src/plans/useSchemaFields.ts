import { useTranslation } from 'react-i18next'
import { api, got, type Versioned } from '../api/client'
import { tellDone } from '../parts/problems'
import { useMergedSave } from '../parts/useMergedSave'
import type { JsonObject } from '../schema-form/schema'
import { type PlanSchema, planName, readSchema, useRefresh } from './data'

/** A schema's own fields: its name and its standing plan. */
export function useSchemaFields(account: number, schema: Versioned<PlanSchema>, onSaved?: () => void) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const { plans, number } = schema.value
  const saving = useMergedSave({
    read: async () => {
      const { value, etag } = await readSchema(account, number)
      return { value: fieldsOf(value), etag }
    },
    write: (fields, etag, despite_expectations) =>
      got(
        api.PATCH('/api/v1/accounts/{account}/schemas/{schema}', {
          params: { path: { account, schema: number }, query: { despite_expectations }, header: { 'if-match': etag } },
          body: fields as never,
        }),
      ),
    onSaved: () => {
      refresh()
      tellDone(t('told.saved'))
      onSaved?.()
    },
    name: ([field]) => t(field === 'name' ? 'plans.name' : 'plans.standing.title'),
    shown: (value, [field]) => (field === 'name' ? String(value) : planName(plans, Number(value))),
  })
  return {
    ...saving,
    set: (changed: JsonObject) => {
      const base = fieldsOf(schema.value)
      saving.save({ value: base, etag: schema.etag }, { ...base, ...changed })
    },
  }
}

function fieldsOf({ name, standing }: PlanSchema): JsonObject {
  return { name, standing: standing ?? null }
}
