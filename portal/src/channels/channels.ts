import { useQuery } from '@tanstack/react-query'
import { api, got, gotVersion, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'

export type Channel = Schemas['ChannelShown']
export type SipAccess = Schemas['SipAccess']

const SOON = 5_000

/** All channels of a customer, looked at again and again: phones come and go by themselves. */
export function useChannels(account: number) {
  return useQuery({
    queryKey: ['channels', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/channels', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
    refetchInterval: SOON,
  })
}

/** Who is logged on where. */
export function useLogons(account: number) {
  return useQuery({
    queryKey: ['logons', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/logons', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
    refetchInterval: SOON,
  })
}

export function readChannel(account: number, name: string) {
  return gotVersion(api.GET('/api/v1/accounts/{account}/channels/{name}', { params: { path: { account, name } } }))
}
