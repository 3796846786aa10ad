// The pages of the menu, in its order, and who sees each. The page itself is in `routes.tsx`.
import { IconBuilding, IconHistory, IconPhone, IconPhoneCall, type TablerIcon } from '@tabler/icons-react'
import type { Words } from '../i18n/en'
import type { Person } from './Session'

export interface Page {
  /** Behind `/accounts/<id>/`, or behind `/` for the platform's own pages. */
  path: string
  title: keyof Words['nav']
  icon: TablerIcon
  /** Who may less does not see it. */
  role: Person['role']
}

export const ACCOUNT_PAGES: Page[] = [
  { path: '', title: 'overview', icon: IconBuilding, role: 'end_user' },
  { path: 'extensions', title: 'extensions', icon: IconPhone, role: 'supervisor' },
  { path: 'live', title: 'live', icon: IconPhoneCall, role: 'supervisor' },
  { path: 'records', title: 'records', icon: IconHistory, role: 'supervisor' },
]

export const PLATFORM_PAGES: Page[] = []
