import { useEffect, useEffectEvent } from 'react'
import { api } from '../api/client'
import { type Streamed, streams, useStream } from '../api/stream'
import { after, NOTHING, type Running } from './feed'

const streamOf = streams((account: number) => ({
  start: NOTHING,
  after,
  open: async (lastId: string | null, signal: AbortSignal) => {
    const { data } = await api.GET('/api/v1/accounts/{account}/calls/events', {
      params: { path: { account } },
      headers: lastId === null ? {} : { 'Last-Event-ID': lastId },
      parseAs: 'stream',
      signal,
    })
    return data as ReadableStream<Uint8Array<ArrayBuffer>> | undefined
  },
}))

/** The running calls of a customer, as they are now. */
export function useLive(account: number): Streamed<Running> {
  return useStream(streamOf(account))
}

/** Milliseconds in which changes are one. */
const GATHERED = 300

/** Calls `act` when calls of the customer have changed. */
export function useOnCalls(account: number, act: () => void): void {
  const changed = useEffectEvent(act)
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const leave = streamOf(account).subscribe(() => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        changed()
      }, GATHERED)
    })
    return () => {
      clearTimeout(waiting)
      leave()
    }
  }, [account])
}
