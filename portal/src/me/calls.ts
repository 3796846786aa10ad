import type { Schemas } from '../api/client'

type Line = Pick<Schemas['RecordLine'], 'caller' | 'caller_name' | 'called' | 'answered'>

/** A call as one of its people remembers it. */
export interface Remembered {
  way: 'made' | 'got' | 'missed'
  /** The other one; empty when withheld. */
  other: string
}

/** How the user with extension `own` remembers a call. */
export function remembered(call: Line, own: string): Remembered {
  const isOwn = call.caller === own || call.caller.startsWith(`${own} `)
  if (isOwn) return { way: 'made', other: call.called }
  const other = call.caller === 'anonymous' ? '' : [call.caller, call.caller_name].filter(Boolean).join(' ')
  return { way: call.answered ? 'got' : 'missed', other }
}
