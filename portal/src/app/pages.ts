// The pages of the menu, in its order, and who sees each. The page itself is in `routes.tsx`.
import {
  IconActivityHeartbeat,
  IconAddressBook,
  IconArrowsExchange,
  IconBuilding,
  IconCalendarWeek,
  IconDeviceLandlinePhone,
  IconHeartHandshake,
  IconHeadset,
  IconHistory,
  IconInbox,
  IconKey,
  IconListNumbers,
  IconPencil,
  IconPhone,
  IconPhoneCall,
  IconSettings,
  IconUser,
  IconUsers,
  IconVolume,
  IconWebhook,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Words } from '../i18n/en'
import { isAtLeast } from './roles'
import type { Person } from './Session'

export interface Page {
  /** Behind `/accounts/<id>/`, or behind `/` for the platform's own pages. */
  path: string
  title: keyof Words['nav']
  icon: TablerIcon
  /** Who may less does not see it. */
  role: Person['role']
  /** Only for who is a user with an extension of their own. */
  ofOwn?: boolean
}

export const ACCOUNT_PAGES: Page[] = [
  { path: '', title: 'overview', icon: IconBuilding, role: 'end_user' },
  { path: 'extensions', title: 'extensions', icon: IconPhone, role: 'supervisor' },
  { path: 'plans', title: 'plans', icon: IconCalendarWeek, role: 'account' },
  { path: 'queues', title: 'queues', icon: IconHeadset, role: 'supervisor' },
  { path: 'mailboxes', title: 'mailboxes', icon: IconInbox, role: 'account' },
  { path: 'sounds', title: 'sounds', icon: IconVolume, role: 'account' },
  { path: 'live', title: 'live', icon: IconPhoneCall, role: 'supervisor' },
  { path: 'records', title: 'records', icon: IconHistory, role: 'supervisor' },
  { path: 'contacts', title: 'contacts', icon: IconAddressBook, role: 'supervisor' },
  { path: 'channels', title: 'channels', icon: IconDeviceLandlinePhone, role: 'account' },
  { path: 'numbers', title: 'numbers', icon: IconListNumbers, role: 'account' },
  { path: 'people', title: 'people', icon: IconUsers, role: 'account' },
  { path: 'tokens', title: 'tokens', icon: IconKey, role: 'account' },
  { path: 'webhooks', title: 'webhooks', icon: IconWebhook, role: 'account' },
  { path: 'audit', title: 'audit', icon: IconPencil, role: 'account' },
  { path: 'settings', title: 'settings', icon: IconSettings, role: 'account' },
]

export const PLATFORM_PAGES: Page[] = [
  { path: 'me', title: 'me', icon: IconUser, role: 'end_user', ofOwn: true },
  { path: 'partners', title: 'partners', icon: IconHeartHandshake, role: 'platform' },
  { path: 'people', title: 'people', icon: IconUsers, role: 'partner' },
  { path: 'trunks', title: 'trunks', icon: IconArrowsExchange, role: 'platform' },
  { path: 'tokens', title: 'tokens', icon: IconKey, role: 'platform' },
  { path: 'audit', title: 'audit', icon: IconPencil, role: 'platform' },
  { path: 'health', title: 'health', icon: IconActivityHeartbeat, role: 'platform' },
]

/** Is it there for this person? */
export function isFor(page: Page, person: Person): boolean {
  return isAtLeast(person, page.role) && (!page.ofOwn || person.extension != null)
}
