import { type ComponentType, lazy } from 'react'
import { createBrowserRouter } from 'react-router'
import { Broken } from './Broken'
import { Shell } from './Shell'

/** Each page is a part of its own that is fetched when it is opened. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const Page: ComponentType = lazy(async (): Promise<{ default: ComponentType }> => ({ default: (await load())[name] }))
  return <Page />
}

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { path: '/', element: page(() => import('../accounts/AccountList'), 'AccountList') },
      {
        path: '/accounts/:account',
        children: [
          { index: true, element: page(() => import('../accounts/Overview'), 'Overview') },
          { path: 'extensions', element: page(() => import('../extensions/ExtensionList'), 'ExtensionList') },
          { path: 'extensions/:number', element: page(() => import('../extensions/ExtensionPage'), 'ExtensionPage') },
          { path: 'live', element: page(() => import('../calls/LiveCalls'), 'LiveCalls') },
          { path: 'records', element: page(() => import('../records/RecordList'), 'RecordList') },
          { path: 'records/:call', element: page(() => import('../records/RecordPage'), 'RecordPage') },
        ],
      },
      { path: '*', element: <Broken /> },
    ],
  },
])
