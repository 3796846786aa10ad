import { useExtensions } from '../extensions/extensions'
import { telephone } from '../i18n/format'

/** What the extensions of a customer are called: `201 Jansen`; a number outside as people read it. */
export function useNameOf(account: number): (number: string) => string {
  const extensions = useExtensions(account).data ?? []
  const names = new Map(extensions.map((it) => [it.number, it.name]))
  return (number) => {
    const name = names.get(number)
    return name === undefined ? telephone(number) : `${number} ${name}`
  }
}
