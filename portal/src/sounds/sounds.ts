import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'

export type Sound = Schemas['SoundOut']
export type Music = Schemas['MusicOut']

/** Bytes; the exchange says so, too, but only once all of it has been sent. */
export const LARGEST = 30 * 1024 * 1024

/** All sounds of a customer, newest first; asked for again every so many milliseconds, if given. */
export function useSounds(account: number, again: number | false = false) {
  return useQuery({
    refetchInterval: again,
    queryKey: ['sounds', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/sounds', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
}

/** A playlist in its order; `queue` empty: the customer's own. */
export function useMusic(account: number, queue: string) {
  return useQuery({
    queryKey: ['music', account, queue],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/music', { params: { path: { account }, query: { queue } } })),
  })
}

export const soundAddress = (account: number, file: string): string =>
  `/api/v1/accounts/${account}/sounds/${encodeURIComponent(file)}/audio`

export const musicAddress = (account: number, file: string): string =>
  `/api/v1/accounts/${account}/music/${encodeURIComponent(file)}/audio`
