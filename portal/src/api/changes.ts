// What others change reaches an open page by itself: the exchange tells that something is different, and what the page
// shows of it is fetched anew. Forms in which somebody types keep what was typed.
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { api } from './client'
import type { ServerEvent } from './eventStream'
import { Stream } from './stream'

/** `account`: null for what belongs to none. `types`: as the audit calls them; none of them: it may be anything. */
export interface Change {
  account: number | null
  types: string[]
}

/** Milliseconds in which changes become one refresh. */
const GATHERED = 200

/** Queries that hold what nobody changes, or what another stream keeps up to date. */
const NEVER = new Set(['records', 'record', 'statistics', 'form', 'kinds', 'ways', 'check', 'health', 'metrics'])

/** Queries of no account in particular, and the types that they show; null: of any. */
const ANYWHERE: Record<string, string[] | null> = {
  people: ['web user'],
  person: ['web user'],
  session: ['web user'],
  tokens: ['token'],
  accounts: ['account'],
  trunks: ['trunk', 'trunks'],
  trunk: ['trunk', 'trunks'],
  partners: ['partner'],
  partner: ['partner'],
  audit: null,
  me: null,
}

/** Types that few queries show. Logons, messages and calls come and go all day; lists of calls use `useOnRecorded`. */
const ONLY: Record<string, string[]> = {
  logon: ['logons', 'channels', 'channel', 'queue members', 'queue now', 'extensions', 'first steps', 'me'],
  message: ['messages', 'mailboxes', 'me'],
  record: [],
  contact: ['contacts', 'contact', 'audit'],
}

/** Does a query show what has changed? */
export function concerns(key: readonly unknown[], { account, types }: Change): boolean {
  const name = String(key[0])
  if (NEVER.has(name)) return false
  if (types.length > 0 && types.every((type) => type in ONLY)) {
    return types.some((type) => ONLY[type]!.includes(name)) && (key.includes(account) || name === 'me')
  }
  if (name in ANYWHERE) {
    const shows = ANYWHERE[name]
    return types.length === 0 || shows === null || types.some((type) => shows!.includes(type))
  }
  return account === null ? false : key.includes(account)
}

/** Several changes as the refreshes that they take: one for each account, of all its types. */
export function gathered(changes: Change[]): Change[] {
  const found = new Map<number | null, Change>()
  for (const { account, types } of changes) {
    const before = found.get(account)
    const anything = types.length === 0 || before?.types.length === 0
    found.set(account, { account, types: anything ? [] : [...new Set([...(before?.types ?? []), ...types])] })
  }
  return [...found.values()]
}

type Told = Change | 'all'

const listeners = new Set<(told: Told) => void>()

const stream = new Stream<null>({
  start: null,
  after: (_, event) => {
    const told = toldBy(event)
    if (told !== null) for (const listener of listeners) listener(told)
    return null
  },
  open: async (lastId, signal) => {
    const { data } = await api.GET('/api/v1/changes', {
      headers: lastId === null ? {} : { 'Last-Event-ID': lastId },
      parseAs: 'stream',
      signal,
    })
    return data as ReadableStream<Uint8Array<ArrayBuffer>> | undefined
  },
})

function toldBy({ event, data }: ServerEvent): Told | null {
  if (event === 'all') return 'all'
  return event === 'changed' ? (JSON.parse(data) as Change) : null
}

/** Keeps what the page shows up to date; once, around all pages. */
export function useChanges(): void {
  const queries = useQueryClient()
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    let heard: Told[] = []
    const listener = (told: Told) => {
      heard.push(told)
      waiting ??= setTimeout(() => {
        const now = heard
        heard = []
        waiting = undefined
        refresh(queries, now)
      }, GATHERED)
    }
    listeners.add(listener)
    const leave = stream.subscribe(() => undefined)
    return () => {
      clearTimeout(waiting)
      listeners.delete(listener)
      leave()
    }
  }, [queries])
}

/** May there be more records to read, of one customer or of any? */
export function tellsOfRecords({ account, types }: Change, wanted?: number): boolean {
  return (wanted === undefined || account === wanted) && (types.length === 0 || types.includes('record'))
}

/** Calls `act` when there are more records of calls to read, of any customer or of one. */
export function useOnRecorded(act: () => void, account?: number): void {
  const recorded = useEffectEvent(act)
  useEffect(() => {
    const listener = (told: Told) => {
      if (told !== 'all' && tellsOfRecords(told, account)) recorded() // after 'all' everything is fetched anew
    }
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [account])
}

function refresh(queries: QueryClient, heard: Told[]): void {
  if (heard.includes('all')) {
    void queries.invalidateQueries()
    return
  }
  const changes = gathered(heard as Change[])
  void queries.invalidateQueries({ predicate: ({ queryKey }) => changes.some((change) => concerns(queryKey, change)) })
}
