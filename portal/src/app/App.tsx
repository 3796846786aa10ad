import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from 'react-router/dom'
import { Refused } from '../api/client'
import { router } from './routes'
import { Session } from './Session'
import { nonce, theme } from './theme'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; an exchange that restarts is back within seconds.
      retry: (count, error) => !(error instanceof Refused) && count < 5,
      retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
    },
  },
})

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
      <QueryClientProvider client={queries}>
        <ModalsProvider>
          <Notifications position="bottom-right" />
          <Session>
            <RouterProvider router={router} />
          </Session>
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
