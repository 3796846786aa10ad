import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { useBlocker } from 'react-router'
import { part } from './part'
import { anyChanges, hasChanges, isLeaving, onChanges } from './unsavedForms'

const UnsavedDialog = part(() => import('./UnsavedDialog'), 'UnsavedDialog')

let free = false

/** Goes where `go` leads without a question: what stood in the form has just been saved, or is gone. */
export function leaveFreely(go: () => void): void {
  free = true
  try {
    go()
  } finally {
    free = false
  }
}

/** In a form: while `when`, somebody who leaves the page is asked first. `kept`: a draft of it outlives a reload. */
export function Unsaved({ when, kept = false }: { when: boolean; kept?: boolean }) {
  useEffect(() => (when ? hasChanges(kept) : undefined), [when, kept])
  return null
}

/** Asks before a page with changes that are not saved is left. A router has one guard, and a page may have several forms:
 * it asks when any of them has changes. */
export function UnsavedGuard() {
  const any = useSyncExternalStore(onChanges, anyChanges)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => !free && anyChanges() && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!any) return
    const ask = (event: BeforeUnloadEvent) => {
      if (!isLeaving()) event.preventDefault()
    }
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
