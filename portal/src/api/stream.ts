// A connection over which a page hears what changes, shared by everything on the page that shows it.
import { useCallback, useSyncExternalStore } from 'react'
import { EventReader, type ServerEvent } from './eventStream'

export interface Streamed<T> {
  value: T
  /** `stale`: the connection is broken; what is shown may have changed since. */
  state: 'connecting' | 'live' | 'stale'
}

interface Source<T> {
  /** Asks for the events behind the one with this id. */
  open: (lastId: string | null, signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined>
  /** The value after an event. */
  after: (value: T, event: ServerEvent) => T
  start: T
}

/** Milliseconds. The exchange says something every 15 s at least: a longer silence is a connection to nowhere. */
const SILENCE = 45_000

/** Milliseconds for which a page that nobody sees stays connected: browsers grant few connections to one address. */
const UNSEEN = 60_000

/** Milliseconds to wait before the next try at most: soon at first, never longer than half a minute. */
export function waitBefore(attempt: number): number {
  return Math.min(1000 * 2 ** attempt, 30_000)
}

/** The same by chance, so that after a restart not everybody comes at once. */
function someOf(most: number): number {
  return most * (0.5 + Math.random() / 2)
}

export class Stream<T> {
  now: Streamed<T>
  #listeners = new Set<() => void>()
  #lastId: string | null = null
  #attempt = 0
  #connection: AbortController | null = null
  #again: ReturnType<typeof setTimeout> | undefined
  #unseen: ReturnType<typeof setTimeout> | undefined
  /** When something was last heard; a machine that slept has a gap here that no timer has noticed. */
  #heard = 0

  constructor(readonly source: Source<T>) {
    this.now = { value: source.start, state: 'connecting' }
  }

  /** Connects with the first listener; the last one that leaves ends the connection. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) {
      addEventListener('online', this.#hurry)
      document.addEventListener('visibilitychange', this.#look)
      void this.#connect()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      removeEventListener('online', this.#hurry)
      document.removeEventListener('visibilitychange', this.#look)
      clearTimeout(this.#unseen)
      this.#leave()
      this.now = { ...this.now, state: 'connecting' }
    }
  }

  #hurry = () => {
    this.#attempt = 0
    if (this.now.state === 'stale') void this.#connect()
  }

  /** Nobody looks for a while: the connection goes; somebody looks again: it comes back behind the last event. */
  #look = () => {
    clearTimeout(this.#unseen)
    if (document.visibilityState === 'hidden') {
      this.#unseen = setTimeout(() => this.#leave(), UNSEEN)
      return
    }
    const slept = Date.now() - this.#heard > SILENCE
    if (this.#connection === null || slept || this.now.state === 'stale') {
      this.#attempt = 0
      void this.#connect()
    }
  }

  #leave(): void {
    clearTimeout(this.#again)
    this.#connection?.abort()
    this.#connection = null
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
    this.#show({ ...this.now, state: 'stale' })
    this.#again = setTimeout(() => void this.#connect(), someOf(waitBefore(this.#attempt++)))
  }

  async #listen(connection: AbortController): Promise<void> {
    const body = await this.source.open(this.#lastId, connection.signal)
    if (!body) return
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    const events = new EventReader()
    this.#attempt = 0
    this.#heard = Date.now()
    if (this.#lastId !== null) this.#show({ ...this.now, state: 'live' }) // what was missed comes at once
    for (;;) {
      const watchdog = setTimeout(() => connection.abort(), SILENCE)
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog))
      if (done) return
      this.#heard = Date.now()
      for (const event of events.read(value)) {
        this.#lastId = event.id
        this.#show({ value: this.source.after(this.now.value, event), state: 'live' })
      }
    }
  }

  #show(now: Streamed<T>): void {
    this.now = now
    for (const listener of this.#listeners) listener()
  }
}

/** One stream for each key, for as long as the page stands. */
export function streams<Key, T>(sourceOf: (key: Key) => Source<T>): (key: Key) => Stream<T> {
  const known = new Map<Key, Stream<T>>()
  return (key) => {
    const stream = known.get(key) ?? new Stream(sourceOf(key))
    known.set(key, stream)
    return stream
  }
}

/** What a stream tells, as it is now. */
export function useStream<T>(stream: Stream<T>): Streamed<T> {
  const subscribe = useCallback((listener: () => void) => stream.subscribe(listener), [stream])
  return useSyncExternalStore(subscribe, () => stream.now)
}
