import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import type { Person } from '../app/Session'

export type Role = Person['role']

/** Web users of a customer; without one, all that the reader sees. */
export function allPeople(account: number | undefined): Promise<Schemas['WebUserOut'][]> {
  const only = account === undefined ? {} : { account }
  return everyItem((after) =>
    got(api.GET('/api/v1/web-users', { params: { query: { limit: 500, ...only, ...(after ? { after } : {}) } } })),
  )
}

/** How somebody stands: may they come in, and have they been? */
export function standing(
  it: Pick<Schemas['WebUserOut'], 'disabled' | 'password' | 'outside'>,
): 'disabled' | 'invited' | 'active' {
  if (it.disabled) return 'disabled'
  return it.password || it.outside ? 'active' : 'invited'
}

/** The roles that `mine` may give to people of a customer (or, without one, of a partner and the platform). */
export function rolesToGive(mine: Role, ofAccount: boolean): Role[] {
  const order: Role[] = ['end_user', 'supervisor', 'account', 'partner', 'platform']
  const below = order.slice(0, order.indexOf(mine) + 1)
  return below.filter((role) => ofAccount === order.indexOf(role) <= order.indexOf('account'))
}
