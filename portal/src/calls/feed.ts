// What runs, kept up to date by the events of the exchange: pure.
import type { Schemas } from '../api/client'
import type { ServerEvent } from '../api/eventStream'

export type LiveCall = Schemas['LiveCallOut']
export type Running = ReadonlyMap<string, LiveCall>

export const NOTHING: Running = new Map()

/** `running` after `event`; the same map when nothing is different. */
export function after(running: Running, event: ServerEvent): Running {
  const data = JSON.parse(event.data) as { id: string; calls?: LiveCall[] }
  switch (event.event) {
    case 'calls': // the whole world: at the beginning, and when we were away for too long
      return new Map((data.calls ?? []).map((call) => [call.id, call]))
    case 'began':
      return new Map(running).set(data.id, data as unknown as LiveCall)
    case 'changed': {
      const call = running.get(data.id)
      return call === undefined ? running : new Map(running).set(data.id, { ...call, ...data })
    }
    case 'ended': {
      if (!running.has(data.id)) return running
      const less = new Map(running)
      less.delete(data.id)
      return less
    }
    default:
      return running // an event of a newer exchange
  }
}
