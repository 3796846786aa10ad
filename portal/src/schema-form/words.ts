import { useTranslation } from 'react-i18next'
import type { Language } from '../i18n/words'
import type { Schema } from './schema'

/** The language in which the exchange is asked to speak (`?language=`); who asks with it asks anew when it changes. */
export function useReader(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'nl'
}

/** What a choice is called: the exchange says so beside the choices, in the reader's language. */
export function choiceIn(schema: Schema, value: string): string {
  return schema['x-words']?.[value] ?? value
}
