import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { api, got } from '../api/client'

/** The id of the customer whose page this is. */
export function useAccountId(): number {
  return Number(useParams().account)
}

/** A customer's details. */
export function useAccount(account: number) {
  return useQuery({
    queryKey: ['account', account],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}', { params: { path: { account } } })),
  })
}
