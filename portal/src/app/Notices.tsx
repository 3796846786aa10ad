import './stylesLater'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

/** What was done, and what went wrong, in the corner. */
export function Notices() {
  return <Notifications position="bottom-right" />
}
