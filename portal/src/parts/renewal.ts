// The portal was renewed under an open page: parts of it that come only now have other names at the exchange. Loading the
// page anew helps, once; what was typed is kept in drafts. Where it would be lost, somebody else chooses the moment.
import { useSyncExternalStore } from 'react'
import { whenBack } from '../api/connection'
import { mayReload, reloadFreely } from './unsavedForms'

/** `loading`: the page is about to be loaded anew; `asks`: whoever sits there has to; `broken`: it did not help. */
export type Renewal = 'none' | 'loading' | 'asks' | 'broken'

const LAST = 'centrale.renewal'
/** Milliseconds in which the same build is not loaded a second time, and in which no build is. */
const [SAME_BUILD, ANY_BUILD] = [600_000, 20_000]

let state: Renewal = 'none'
const listeners = new Set<() => void>()

interface Last {
  build: string
  at: number
  /** It has not been told yet. */
  untold?: boolean
}

/** Watches for parts that do not come, until the function that comes back is called. `build`: tells this build from others. */
export function watchForRenewal(build: string): () => void {
  const notice = (event: Event) => {
    if (state === 'none' || state === 'broken') missing(build)
    // Whoever waits for the part goes on waiting, and the page stays as it is, until it is loaded anew.
    if (state !== 'broken') event.preventDefault()
  }
  addEventListener('vite:preloadError', notice)
  return () => removeEventListener('vite:preloadError', notice)
}

function missing(build: string): void {
  const last = read()
  const age = last === null ? Infinity : Date.now() - last.at
  if (age < ANY_BUILD || (last?.build === build && age < SAME_BUILD)) return show('broken')
  show('loading')
  void whenBack().then(() => (mayReload() ? loadAnew(build) : show('asks')))
}

/** Loads the page anew without a question; what was typed is kept as far as it can be. */
export function loadAnew(build = ''): void {
  sessionStorage.setItem(LAST, JSON.stringify({ build, at: Date.now(), untold: true } satisfies Last))
  reloadFreely()
}

/** Was this page just loaded anew by itself? Says so once. */
export function wasRenewed(): boolean {
  const last = read()
  if (!last?.untold) return false
  sessionStorage.setItem(LAST, JSON.stringify({ ...last, untold: false }))
  return true
}

export function renewal(): Renewal {
  return state
}

/** The same, for a component. */
export function useRenewal(): Renewal {
  return useSyncExternalStore(subscribe, renewal)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function show(now: Renewal): void {
  state = now
  for (const listener of listeners) listener()
}

function read(): Last | null {
  try {
    return JSON.parse(sessionStorage.getItem(LAST) ?? 'null') as Last | null
  } catch {
    return null
  }
}
