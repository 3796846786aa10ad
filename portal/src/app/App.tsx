import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Refused } from '../api/client'
import { Questions } from '../parts/confirm'
import { Session } from './Session'
import { nonce, theme } from './theme'

const Pages = lazy(async () => ({ default: (await import('./Pages')).Pages }))

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
        <Notifications position="bottom-right" />
        <Session>
          <Suspense fallback={null}>
            <Pages />
          </Suspense>
        </Session>
        <Questions />
      </QueryClientProvider>
    </MantineProvider>
  )
}
