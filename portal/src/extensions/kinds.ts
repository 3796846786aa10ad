import { language } from '../i18n/words'
import { useKinds } from './extensions'

/** What a kind is called in the reader's language. */
export function useKindTitle(): (kind: string) => string {
  const kinds = useKinds().data ?? []
  return (kind) => kinds.find((it) => it.name === kind)?.title[language()] ?? kind
}
