import { useQuery } from '@tanstack/react-query'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { useExtensions, useKinds } from '../extensions/extensions'
import { language } from '../i18n/words'
import { usePartners } from '../partners/partners'
import type { Names } from './called'

/** What the things of a customer are called; without a customer, those of the platform. */
export function useNames(account: number | null): Names {
  const person = usePerson()
  const arranges = isAtLeast(person, 'account') && account !== null
  const extensions = useExtensions(account ?? 0, account !== null).data ?? []
  const kinds = useKinds().data ?? []
  const partners = usePartners(isAtLeast(person, 'platform')).data ?? []
  const schemas =
    useQuery({
      queryKey: ['plans', account, 'schemas'],
      queryFn: () =>
        everyItem((after) =>
          got(
            api.GET('/api/v1/accounts/{account}/schemas', {
              params: { path: { account: account ?? 0 }, query: { limit: 100, ...(after ? { after } : {}) } },
            }),
          ),
        ),
      enabled: arranges,
    }).data ?? []
  const sounds =
    useQuery({
      queryKey: ['sounds', account],
      queryFn: () =>
        everyItem((after) =>
          got(
            api.GET('/api/v1/accounts/{account}/sounds', {
              params: { path: { account: account ?? 0 }, query: { limit: 500, ...(after ? { after } : {}) } },
            }),
          ),
        ),
      enabled: arranges,
    }).data ?? []
  const accounts =
    useQuery({
      queryKey: ['accounts', 'names'],
      queryFn: () =>
        everyItem((after) =>
          got(api.GET('/api/v1/accounts', { params: { query: { limit: 500, ...(after ? { after } : {}) } } })),
        ),
      enabled: account === null,
    }).data ?? []
  const schema = (number: string) => schemas.find((it) => String(it.number) === number)
  return {
    extension: (number) => numbered(extensions.find((it) => it.number === number)),
    schema: (number) => numbered(schema(number)),
    plan: (of, number) => numbered(schema(of)?.plans.find((it) => String(it.number) === number)),
    sound: (file) => sounds.find((it) => it.file === file)?.name ?? null,
    kind: (name) => kinds.find((it) => it.name === name)?.title[language()] ?? null,
    account: (id) => accounts.find((it) => String(it.id) === id)?.name ?? null,
    partner: (id) => partners.find((it) => String(it.id) === id)?.name ?? null,
  }
}

function numbered(it: { number: string | number; name: string } | undefined): string | null {
  return it === undefined ? null : `${it.number} ${it.name}`
}
