/** The page of a thing, by what the exchange calls its type; none when it has no page of its own. */
export function placeOf(account: number, type: string, key: string): string | null {
  const base = `/accounts/${account}`
  const part = encodeURIComponent(key)
  switch (type) {
    case 'extension':
      return `${base}/extensions/${part}`
    case 'channel':
    case 'logon':
      return `${base}/channels/${part}`
    case 'number':
      return `${base}/numbers/${part}`
    case 'account':
      return `${base}/settings`
    case 'schema':
    case 'plan':
    case 'schedule':
    case 'holiday':
      return `${base}/plans`
    case 'web user':
      return `${base}/people`
    case 'token':
      return `${base}/tokens`
    default:
      return null
  }
}
