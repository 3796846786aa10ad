// The one connection per customer over which this page hears what calls do, shared by everything that shows it.
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { api } from '../api/client'
import { EventReader } from '../api/eventStream'
import { after, NOTHING, type Running, waitBefore } from './feed'

export interface Live {
  running: Running
  /** `stale`: the connection is broken; what is shown may have changed since. */
  state: 'connecting' | 'live' | 'stale'
}

const SILENCE = 45_000
/** The exchange says something every 15 s at least; a connection that is silent for longer leads nowhere any more. */

const START: Live = { running: NOTHING, state: 'connecting' }

class Feed {
  live = START
  #listeners = new Set<() => void>()
  #lastId: string | null = null
  #attempt = 0
  #connection: AbortController | null = null
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(readonly account: number) {}

  /** Connects with the first listener; the last one that leaves ends the connection. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) {
      addEventListener('online', this.#hurry)
      void this.#connect()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      removeEventListener('online', this.#hurry)
      clearTimeout(this.#again)
      this.#connection?.abort()
      this.#connection = null
      this.live = { ...this.live, state: 'connecting' }
    }
  }

  #hurry = () => {
    this.#attempt = 0
    if (this.live.state === 'stale') void this.#connect()
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#again)
    this.#connection?.abort()
    const connection = new AbortController()
    this.#connection = connection
    try {
      await this.#listen(connection)
    } catch {
      // The network, a restart, or nobody signed in: all of them pass, and the next try tells.
    }
    if (this.#connection !== connection) return // another one has taken its place, or nobody listens
    this.#show({ ...this.live, state: 'stale' })
    this.#again = setTimeout(() => void this.#connect(), waitBefore(this.#attempt++))
  }

  async #listen(connection: AbortController): Promise<void> {
    const { data: body } = await api.GET('/api/v1/accounts/{account}/calls/events', {
      params: { path: { account: this.account } },
      headers: this.#lastId === null ? {} : { 'Last-Event-ID': this.#lastId },
      parseAs: 'stream',
      signal: connection.signal,
    })
    if (!body) return
    const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream()).getReader()
    const events = new EventReader()
    this.#attempt = 0
    if (this.#lastId !== null) this.#show({ ...this.live, state: 'live' }) // caught up, or about to be told
    for (;;) {
      const watchdog = setTimeout(() => connection.abort(), SILENCE)
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog))
      if (done) return
      for (const event of events.read(value)) {
        this.#lastId = event.id
        this.#show({ running: after(this.live.running, event), state: 'live' })
      }
    }
  }

  #show(live: Live): void {
    this.live = live
    for (const listener of this.#listeners) listener()
  }
}

const feeds = new Map<number, Feed>()

function feedOf(account: number): Feed {
  const feed = feeds.get(account) ?? new Feed(account)
  feeds.set(account, feed)
  return feed
}

/** The running calls of a customer, as they are now. */
export function useLive(account: number): Live {
  const feed = feedOf(account)
  const subscribe = useCallback((listener: () => void) => feed.subscribe(listener), [feed])
  return useSyncExternalStore(subscribe, () => feed.live)
}

/** Calls `act` when a call of the customer has changed, several changes at once as one. */
export function useOnCalls(account: number, act: () => void): void {
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const leave = feedOf(account).subscribe(() => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        act()
      }, 300)
    })
    return () => {
      clearTimeout(waiting)
      leave()
    }
  }, [account])
}
