import { useQuery } from '@tanstack/react-query'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'

/** The wholesale partners; for the platform's administrator. */
export function usePartners(enabled = true) {
  return useQuery({
    queryKey: ['partners'],
    enabled,
    queryFn: () =>
      everyItem((after) => got(api.GET('/api/v1/partners', { params: { query: { limit: 500, ...(after ? { after } : {}) } } }))),
  })
}
