import { useTranslation } from 'react-i18next'
import type { Language } from '../i18n/words'
import { useNameOf } from '../parts/useNameOf'
import { isObject, type Json, resolve, type Schema, schemaAt, titleAt } from './schema'

/** The language in which the exchange is asked to speak (`?language=`); who asks with it asks anew when it changes. */
export function useReader(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'nl'
}

/** What a choice is called: the exchange says so beside the choices, in the reader's language. */
export function choiceIn(schema: Schema, value: string): string {
  return schema['x-words']?.[value] ?? value
}

/** How a value of the settings reads: choices in words, extensions by name. */
export function useShown(account: number, schema: Schema): (value: Json, path: string[]) => string {
  const { t } = useTranslation()
  const nameOf = useNameOf(account)
  const defs = schema.$defs ?? {}

  function read(value: Json, of: Schema): string {
    const { schema: it } = resolve(of, defs)
    if (value === null || value === '') return t('told.empty')
    if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no')
    if (Array.isArray(value)) return value.map((row) => read(row, it.items ?? {})).join(', ') || t('told.empty')
    if (isObject(value)) {
      const parts = Object.entries(value).filter(([, part]) => part !== null && part !== '')
      return parts
        .map(([name, part]) => `${titleAt(it, [name], value, defs)}: ${read(part, it.properties?.[name] ?? {})}`)
        .join('; ')
    }
    const text = String(value)
    return ['extension', 'destination', 'destinations'].includes(it['x-centrale'] ?? '') ? nameOf(text) : choiceIn(it, text)
  }
  return (value, path) => read(value, schemaAt(schema, path, defs))
}
