import { Outlet, useLocation, useParams } from 'react-router'
import { useAccount } from '../accounts/account'
import { Refused } from '../api/client'
import { Broken } from './Broken'
import { ACCOUNT_PAGES, isFor, type Page, PLATFORM_PAGES } from './pages'
import { usePerson } from './Session'

/** The page at this address, for whom it is; anybody else is told that it is not theirs, before it asks for anything. */
export function Allowed() {
  const person = usePerson()
  const { pathname } = useLocation()
  const { account } = useParams()
  const page = pageAt(pathname)
  if (page !== undefined && !isFor(page, person)) return <Broken inside />
  return account === undefined ? <Outlet /> : <OfAccount key={account} account={Number(account)} />
}

/** Pages of a customer that one may see. */
function OfAccount({ account }: { account: number }) {
  return useAccount(account).error instanceof Refused ? <Broken inside /> : <Outlet />
}

/** The entry of the menu that an address belongs to. */
export function pageAt(pathname: string): Page | undefined {
  const [first, , third = ''] = pathname.split('/').filter(Boolean)
  return first === 'accounts'
    ? ACCOUNT_PAGES.find((page) => page.path === third)
    : PLATFORM_PAGES.find((page) => page.path === first)
}
