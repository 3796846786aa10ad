import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'

export type Extension = Schemas['ExtensionOut']
export type Kind = Schemas['KindOut']

/** All extensions of a customer; 5,000 are ten requests. */
export function allExtensions(account: number): Promise<Extension[]> {
  return everyItem((after) =>
    got(
      api.GET('/api/v1/accounts/{account}/extensions', {
        params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
      }),
    ),
  )
}

export function useExtensions(account: number) {
  return useQuery({ queryKey: ['extensions', account], queryFn: () => allExtensions(account) })
}

/** The kinds of extensions that the exchange knows, with the schema of each one's settings. */
export function useKinds() {
  return useQuery({
    queryKey: ['kinds'],
    queryFn: async () => (await got(api.GET('/api/v1/kinds', { params: { query: { limit: 500 } } }))).items,
    staleTime: Infinity,
  })
}
