import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import { type Language, language } from '../i18n/words'
import { useReader } from '../schema-form/words'

export type Extension = Schemas['ExtensionOut']
export type Kind = Schemas['KindOut']

/** All extensions of a customer; 5,000 are ten requests. */
export function allExtensions(account: number, speaks: Language = language()): Promise<Extension[]> {
  return everyItem((after) =>
    got(
      api.GET('/api/v1/accounts/{account}/extensions', {
        params: { path: { account }, query: { limit: 500, language: speaks, ...(after ? { after } : {}) } },
      }),
    ),
  )
}

/** `all` with `one` in its place, by number; instead of what it was before. */
export function withOne(all: readonly Extension[], one: Extension): Extension[] {
  const others = all.filter((it) => it.number !== one.number)
  return [...others, one].sort((a, b) => (a.number < b.number ? -1 : 1))
}

export function useExtensions(account: number, enabled = true) {
  const reads = useReader() // summaries are in a language
  return useQuery({ queryKey: ['extensions', account, reads], queryFn: () => allExtensions(account, reads), enabled })
}

/** The kinds of extensions that the exchange knows, with the schema of each one's settings in the reader's language. */
export function useKinds() {
  const reads = useReader()
  return useQuery({
    queryKey: ['kinds', reads],
    queryFn: async () => (await got(api.GET('/api/v1/kinds', { params: { query: { limit: 500, language: reads } } }))).items,
    staleTime: Infinity,
  })
}
