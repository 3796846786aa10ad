import { RouterProvider } from 'react-router/dom'
import { router } from './routes'

/** Everything behind the door; who has yet to sign in does not fetch it. */
export function Pages() {
  return <RouterProvider router={router} />
}
