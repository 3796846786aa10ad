import { useExtensions } from '../extensions/extensions'

/** What the extensions of a customer are called: `201 Jansen`; a number that is none stays as it is. */
export function useNameOf(account: number): (number: string) => string {
  const extensions = useExtensions(account).data ?? []
  const names = new Map(extensions.map((it) => [it.number, it.name]))
  return (number) => {
    const name = names.get(number)
    return name === undefined ? number : `${number} ${name}`
  }
}
