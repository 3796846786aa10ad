import type { ComponentType } from 'react'
import { createBrowserRouter } from 'react-router'
import { part } from '../parts/part'
import { Broken } from './Broken'
import { Shell } from './Shell'

/** Each page is a part of its own that is fetched when it is opened, with the styles that the first one does without. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const Page = part(async () => {
    const [found] = await Promise.all([load(), import('./stylesLater')])
    return found
  }, name)
  return <Page />
}

/** A page that somebody sees first after signing in: it uses what `styles.ts` has. */
function firstPage<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const Page = part(load, name)
  return <Page />
}

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      { path: '/', element: firstPage(() => import('../accounts/AccountList'), 'AccountList') },
      {
        path: '/accounts/:account',
        children: [
          { index: true, element: firstPage(() => import('../accounts/Overview'), 'Overview') },
          { path: 'extensions', element: page(() => import('../extensions/ExtensionList'), 'ExtensionList') },
          { path: 'extensions/:number', element: page(() => import('../extensions/ExtensionPage'), 'ExtensionPage') },
          { path: 'plans', element: page(() => import('../plans/SchemaList'), 'SchemaList') },
          { path: 'plans/expectations', element: page(() => import('../expectations/ExpectationList'), 'ExpectationList') },
          { path: 'plans/explain', element: page(() => import('../explain/ExplainPage'), 'ExplainPage') },
          { path: 'plans/:schema/:tab?', element: page(() => import('../plans/SchemaPage'), 'SchemaPage') },
          { path: 'plans/:schema/plan/:plan', element: page(() => import('../plans/PlanPage'), 'PlanPage') },
          { path: 'live', element: page(() => import('../calls/LiveCalls'), 'LiveCalls') },
          { path: 'records', element: page(() => import('../records/RecordList'), 'RecordList') },
          { path: 'mailboxes', element: page(() => import('../mailboxes/MailboxList'), 'MailboxList') },
          { path: 'mailboxes/:number', element: page(() => import('../mailboxes/MailboxPage'), 'MailboxPage') },
          { path: 'notices', element: page(() => import('../notices/NoticeList'), 'NoticeList') },
          { path: 'queues', element: page(() => import('../queues/QueueList'), 'QueueList') },
          { path: 'queues/wallboard', element: page(() => import('../queues/Wallboard'), 'Wallboard') },
          { path: 'queues/statistics', element: page(() => import('../queues/StatisticsPage'), 'StatisticsPage') },
          { path: 'queues/:queue', element: page(() => import('../queues/QueuePage'), 'QueuePage') },
          { path: 'sounds', element: page(() => import('../sounds/SoundPage'), 'SoundPage') },
          { path: 'records/:call', element: page(() => import('../records/RecordPage'), 'RecordPage') },
          { path: 'channels', element: page(() => import('../channels/ChannelList'), 'ChannelList') },
          { path: 'channels/:name', element: page(() => import('../channels/ChannelPage'), 'ChannelPage') },
          { path: 'contacts', element: page(() => import('../contacts/ContactsPage'), 'ContactsPage') },
          { path: 'numbers', element: page(() => import('../numbers/NumberList'), 'NumberList') },
          { path: 'numbers/:e164', element: page(() => import('../numbers/NumberPage'), 'NumberPage') },
          { path: 'people', element: page(() => import('../people/PeopleList'), 'PeopleList') },
          { path: 'people/:id', element: page(() => import('../people/PersonPage'), 'PersonPage') },
          { path: 'tokens', element: page(() => import('../tokens/TokenList'), 'TokenList') },
          { path: 'webhooks', element: page(() => import('../webhooks/WebhookList'), 'WebhookList') },
          { path: 'webhooks/:webhook', element: page(() => import('../webhooks/WebhookPage'), 'WebhookPage') },
          { path: 'audit', element: page(() => import('../audit/AuditPage'), 'AuditPage') },
          { path: 'settings', element: page(() => import('../accounts/SettingsPage'), 'SettingsPage') },
        ],
      },
      { path: '/me', element: page(() => import('../me/MePage'), 'MePage') },
      { path: '/myself', element: page(() => import('../myself/MyselfPage'), 'MyselfPage') },
      { path: '/trunks', element: page(() => import('../trunks/TrunkList'), 'TrunkList') },
      { path: '/trunks/:name', element: page(() => import('../trunks/TrunkPage'), 'TrunkPage') },
      { path: '/partners', element: page(() => import('../partners/PartnerList'), 'PartnerList') },
      { path: '/people', element: page(() => import('../people/PeopleList'), 'PeopleList') },
      { path: '/people/:id', element: page(() => import('../people/PersonPage'), 'PersonPage') },
      { path: '/tokens', element: page(() => import('../tokens/TokenList'), 'TokenList') },
      { path: '/audit', element: page(() => import('../audit/AuditPage'), 'AuditPage') },
      { path: '/health', element: page(() => import('../health/HealthPage'), 'HealthPage') },
      { path: '*', element: <Broken inside /> },
    ],
  },
])
