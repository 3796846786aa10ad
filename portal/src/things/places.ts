/** The page of a thing, by what the exchange calls its type; none when it has no page of its own. */
export function placeOf(account: number, type: string, key: string): string | null {
  const base = `/accounts/${account}`
  const part = encodeURIComponent(key)
  const [first = '', second = ''] = key.split('/') // `1/2`: plan 2 of schema 1
  switch (type) {
    case 'extension':
      return `${base}/extensions/${part}`
    case 'channel':
    case 'logon':
      return `${base}/channels/${part}`
    case 'contact':
    case 'contacts':
      return `${base}/contacts`
    case 'number':
      return `${base}/numbers/${part}`
    case 'account':
      return `${base}/settings`
    case 'schema':
      return `${base}/plans/${part}`
    case 'plan':
      return `${base}/plans/${first}/plan/${encodeURIComponent(second)}`
    case 'schedule':
      return `${base}/plans/${first}/week`
    case 'holiday':
      return `${base}/plans/${first}/holidays`
    case 'expectation':
      return `${base}/plans/expectations`
    case 'queue member':
      return `${base}/queues/${first}`
    case 'trunks':
      return `${base}/settings#trunks`
    case 'sound':
    case 'music':
    case 'playlist':
      return `${base}/sounds`
    case 'web user':
      return `${base}/people`
    case 'token':
      return `${base}/tokens`
    default:
      return null
  }
}
