import { notificationsStore } from '@mantine/notifications'
import { Suspense, useState, useSyncExternalStore } from 'react'
import { part } from '../parts/part'

const Notices = part(() => import('./Notices'), 'Notices')

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
