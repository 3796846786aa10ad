import { notificationsStore } from '@mantine/notifications'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'

const Notices = lazy(async () => ({ default: (await import('./Notices')).Notices }))

const subscribe = (listener: () => void) => notificationsStore.subscribe(listener)
const isAnyThere = () => notificationsStore.getState().notifications.length > 0

/** Where notices are told; what that takes is fetched with the first one. */
export function Corner() {
  const any = useSyncExternalStore(subscribe, isAnyThere)
  const [wanted, setWanted] = useState(any)
  if (any && !wanted) setWanted(true)
  return (
    wanted && (
      <Suspense fallback={null}>
        <Notices />
      </Suspense>
    )
  )
}
