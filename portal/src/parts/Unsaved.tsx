import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { useBlocker } from 'react-router'

const UnsavedDialog = lazy(async () => ({ default: (await import('./UnsavedDialog')).UnsavedDialog }))

// A router has one guard, and a page may have several forms: the guard asks when any of them has changes.
let changedForms = 0
let free = false
const listeners = new Set<() => void>()

function count(by: number): void {
  changedForms += by
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Goes where `go` leads without a question: what stood in the form has just been saved, or is gone. */
export function leaveFreely(go: () => void): void {
  free = true
  try {
    go()
  } finally {
    free = false
  }
}

/** In a form: while `when`, somebody who leaves the page is asked first. */
export function Unsaved({ when }: { when: boolean }) {
  useEffect(() => {
    if (!when) return
    count(1)
    return () => count(-1)
  }, [when])
  return null
}

/** Asks before a page with changes that are not saved is left; once, around all pages. */
export function UnsavedGuard() {
  const any = useSyncExternalStore(subscribe, () => changedForms > 0)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => !free && changedForms > 0 && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!any) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [any])
  if (blocker.state !== 'blocked') return null
  return (
    <Suspense fallback={null}>
      <UnsavedDialog onStay={() => blocker.reset()} onLeave={() => blocker.proceed()} />
    </Suspense>
  )
}
