import { useQuery } from '@tanstack/react-query'
import { api, got } from '../api/client'
import { language } from '../i18n/words'
import { isObject, type Json, type JsonObject, type Schema } from '../schema-form/schema'

/** What is given to one kind of change, in the reader's language (`/api/v1/forms`). */
export function useForm(form: string) {
  return useQuery({
    queryKey: ['form', form, language()],
    queryFn: async () =>
      (await got(api.GET('/api/v1/forms/{form}', { params: { path: { form }, query: { language: language() } } })))
        .fields as Schema,
    staleTime: Infinity,
    enabled: form !== '',
  })
}

/** Only what a form has fields for; the rest of a stored thing is the exchange's own. */
export function inForm(thing: object, schema: Schema): JsonObject {
  const known = Object.keys(schema.properties ?? {})
  return Object.fromEntries(Object.entries(thing).filter(([name]) => known.includes(name))) as JsonObject
}

/** What to send: the fields that are no longer as they were. */
export function changed(from: JsonObject, to: JsonObject): JsonObject {
  const same = (one: Json | undefined, other: Json | undefined) => canonical(one) === canonical(other)
  return Object.fromEntries(Object.entries(to).filter(([name, value]) => !same(from[name], value)))
}

/** What to send for something new: without the fields that nobody filled in. */
export function filled(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== null && it !== ''))
}

function canonical(value: Json | undefined): string {
  return JSON.stringify(value ?? null, (_, it: Json) =>
    isObject(it) ? Object.fromEntries(Object.entries(it).sort(([one], [other]) => (one < other ? -1 : 1))) : it,
  )
}
