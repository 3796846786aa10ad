import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { createMemoryRouter, Outlet, RouterProvider } from 'react-router'
import { Connection } from '../app/Connection'
import { Session } from '../app/Session'
import { theme } from '../app/theme'
import { startWords } from '../i18n/words'
import { UnsavedGuard } from '../parts/Unsaved'

startWords()

/** Shows `page` at `/` or as one of customer 1, as somebody who is signed in sees it; `/elsewhere` is another page. */
export function show(page: ReactNode, at: '/' | '/accounts/1' = '/') {
  const routes = [
    {
      element: (
        <>
          <Outlet />
          <UnsavedGuard />
        </>
      ),
      children: [
        { path: '/', element: page },
        { path: '/accounts/:account', element: page },
        { path: '/elsewhere', element: <h1>Elsewhere</h1> },
      ],
    },
  ]
  const router = createMemoryRouter(routes, { initialEntries: [at] })
  const queries = new QueryClient({
    defaultOptions: { mutations: { networkMode: 'always' }, queries: { networkMode: 'always', retry: false } },
  })
  const shown = render(
    <MantineProvider env="test" theme={theme}>
      <QueryClientProvider client={queries}>
        <Connection />
        <Session>
          <RouterProvider router={router} />
        </Session>
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { ...shown, go: (to: string) => router.navigate(to) }
}
