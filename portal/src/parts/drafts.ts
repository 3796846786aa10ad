// What somebody types, kept in this tab through a reload. Secrets are never kept: callers leave them out.
import { useEffect, useState } from 'react'
import { signedInAs } from '../api/client'
import { renewal } from './renewal'

const PREFIX = 'centrale.draft '

/** Of the person who is signed in, so that nobody finds what another one typed. */
export const draftPlace = (name: string): string => `${PREFIX}${signedInAs() ?? ''} ${name}`

/** What was kept under `name` when the page was loaded anew; null when there is nothing. */
export function keptDraft<T>(name: string): T | null {
  const text = sessionStorage.getItem(draftPlace(name))
  try {
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null // of another version of the portal
  }
}

/** Keeps `draft` for as long as the form stands; nothing, when it is null. Who leaves the form throws it away. */
export function useKeptDraft(name: string | null, draft: unknown): void {
  const text = draft === null ? null : JSON.stringify(draft)
  useEffect(() => {
    if (name === null) return
    if (text === null) sessionStorage.removeItem(draftPlace(name))
    else sessionStorage.setItem(draftPlace(name), text)
  }, [name, text])
  useEffect(() => {
    if (name === null) return
    return () => {
      // A form that goes because a part of the page did not come is not left: the page is about to be loaded anew.
      if (renewal() !== 'loading' && renewal() !== 'broken') sessionStorage.removeItem(draftPlace(name))
    }
  }, [name])
}

/** What was kept under `name`, read once. */
export function useRestored<T>(name: string | null): T | null {
  const [restored] = useState(() => (name === null ? null : keptDraft<T>(name)))
  return restored
}

/** Who signs out leaves nothing behind. */
export function forgetDrafts(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name)
}
