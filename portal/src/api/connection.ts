// Does the exchange answer? Whoever asks it tells here what came of that; the page shows it.
import { useSyncExternalStore } from 'react'

let away = false
let probing: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

/** Milliseconds between two tries to find it back. */
const PAUSE = 2_000

/** An answer came, whichever. */
export function heard(): void {
  show(false)
}

/** No answer came. From now on it is asked again and again whether it is back. */
export function notHeard(): void {
  show(true)
}

/** Is there no answer at present? */
export function isAway(): boolean {
  return away
}

/** Done when the exchange answers, which may be at once. */
export async function whenBack(): Promise<void> {
  await probe()
  if (!away) return
  await new Promise<void>((done) => {
    const leave = onConnection(() => {
      if (away) return
      leave()
      done()
    })
  })
}

export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The same, for a component. */
export function useAway(): boolean {
  return useSyncExternalStore(onConnection, isAway)
}

function show(now: boolean): void {
  if (now === away) return
  away = now
  clearTimeout(probing)
  if (away) probing = setTimeout(() => void probe(), PAUSE)
  for (const listener of listeners) listener()
}

async function probe(): Promise<void> {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store' })
    if (!isFromBetween(answer)) return heard()
  } catch {
    // Still away: the next try tells.
  }
  show(true)
  clearTimeout(probing)
  probing = setTimeout(() => void probe(), PAUSE)
}

/** Something between us and the exchange answered in its place: a proxy that does not reach it. */
export function isFromBetween(answer: Response): boolean {
  return isBetween(answer.status, answer.headers.get('content-type'))
}

/** The same, of an answer's parts. */
export function isBetween(status: number, type: string | null): boolean {
  return [502, 503, 504].includes(status) && !(type?.includes('json') ?? false)
}

addEventListener('offline', notHeard)
addEventListener('online', () => {
  if (away) void probe()
})
