import { useKinds } from '../extensions/extensions'
import type { JsonObject, Schema } from '../schema-form/schema'
import { useForm } from '../things/form'
import { FORM_OF } from './names'

/** The form that a changed thing was filled in with; an extension's holds the settings of its kind. */
export function useFormOf(type: string, thing: JsonObject | null): Schema | undefined {
  const isExtension = type === 'extension'
  const form = useForm(isExtension ? 'extension' : (FORM_OF[type] ?? '')).data
  const kinds = useKinds().data ?? []
  if (!isExtension || form === undefined) return form
  const settings = kinds.find((it) => it.name === thing?.kind)?.settings as Schema | undefined
  if (settings === undefined) return form
  const { $defs, ...own } = settings
  return { ...form, $defs: { ...form.$defs, ...$defs }, properties: { ...form.properties, settings: own } }
}
