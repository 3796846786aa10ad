import { type ComponentType, lazy } from 'react'
import { renewal } from './renewal'

/** A component that is fetched when it is first drawn. One that does not come because the portal was renewed keeps its
 * place waiting, so that the page around it stays until it is loaded anew. */
export function part<Name extends string, Props>(load: () => Promise<Record<Name, ComponentType<Props>>>, name: Name) {
  return lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    const found = (await load()) as Record<Name, ComponentType<Props>> | undefined
    if (found === undefined && renewal() !== 'broken') return new Promise(() => undefined)
    if (found === undefined) throw new Error(`${name} did not come`)
    return { default: found[name] }
  })
}
