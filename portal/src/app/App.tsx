import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Refused } from '../api/client'
import { Questions } from '../parts/confirm'
import { part } from '../parts/part'
import { Boundary } from './Boundary'
import { Connection } from './Connection'
import { Corner } from './Corner'
import { wasHere } from './here'
import { Session } from './Session'
import { nonce, theme } from './theme'

const pages = () => import('./Pages')
const Pages = part(pages, 'Pages')
if (wasHere()) void pages() // while the exchange is still asked who it is

const queries = new QueryClient({
  defaultOptions: {
    // A browser that believes to be offline may be wrong: an exchange on the same desk needs no internet.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
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
        <Connection />
        <Boundary>
          <Session>
            <Suspense fallback={null}>
              <Pages />
            </Suspense>
          </Session>
        </Boundary>
        <Questions />
        <Corner />
      </QueryClientProvider>
    </MantineProvider>
  )
}
