// What the fields of a form need to know besides their own value.
import { createContext, useContext } from 'react'
import type { Defs } from './schema'

export interface FormWorld {
  account: number
  defs: Defs
  /** What the exchange found wrong, by JSON pointer. */
  problems: Record<string, string>
}

const World = createContext<FormWorld | null>(null)
export const FormWorldProvider = World.Provider

export function useFormWorld(): FormWorld {
  const world = useContext(World)
  if (world === null) throw new Error('a field outside a form')
  return world
}
