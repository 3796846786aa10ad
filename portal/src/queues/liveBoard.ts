import { api } from '../api/client'
import { type Streamed, streams, useStream } from '../api/stream'
import { after, type Board, EMPTY } from './board'

const streamOf = streams((key: string) => {
  const [account, within] = key.split(' ').map(Number) as [number, number]
  return {
    start: EMPTY,
    after,
    open: async (lastId: string | null, signal: AbortSignal) => {
      const { data } = await api.GET('/api/v1/accounts/{account}/wallboard/events', {
        params: { path: { account }, query: { within } },
        headers: lastId === null ? {} : { 'Last-Event-ID': lastId },
        parseAs: 'stream',
        signal,
      })
      return data as ReadableStream<Uint8Array<ArrayBuffer>> | undefined
    },
  }
})

/** The queues of a customer, as they are now. `within`: seconds in which an answer is in time. */
export function useBoard(account: number, within: number): Streamed<Board> {
  return useStream(streamOf(`${account} ${within}`))
}
