import { useCallback } from 'react'
import { language } from '../i18n/words'
import { useKinds } from './extensions'

/** What a kind is called in the reader's language; the same function for as long as the kinds are the same. */
export function useKindTitle(): (kind: string) => string {
  const kinds = useKinds().data
  return useCallback((kind) => kinds?.find((it) => it.name === kind)?.title[language()] ?? kind, [kinds])
}
