// The queues of a customer, kept up to date by the events of the exchange: pure.
import type { Schemas } from '../api/client'
import type { ServerEvent } from '../api/eventStream'

/** Waiting times run here, from `waiting_since`. */
export type Shown = Omit<Schemas['QueueOnBoard'], 'longest_wait'>
export type Board = ReadonlyMap<string, Shown>

export const EMPTY: Board = new Map()

/** In the order in which they are of use: who can take a call first. */
export const STATES = ['free', 'ringing', 'talking', 'wrap_up', 'busy', 'resting', 'unreachable', 'logged_off'] as const

/** `board` after `event`; the same when nothing is different. */
export function after(board: Board, event: ServerEvent): Board {
  const data = JSON.parse(event.data) as { queue: string; queues?: Shown[] }
  switch (event.event) {
    case 'queues':
      return new Map((data.queues ?? []).map((queue) => [queue.queue, queue]))
    case 'changed': {
      // A queue that is new comes with all of its fields.
      const changed = { ...board.get(data.queue), ...data } as Shown
      return new Map([...new Map(board).set(data.queue, changed)].sort(([one], [other]) => one.localeCompare(other)))
    }
    case 'gone': {
      const less = new Map(board)
      less.delete(data.queue)
      return less
    }
    default:
      return board
  }
}

/** Seconds of the longest wait; null when nobody waits. */
export function longestWait(queue: Shown, now: number): number | null {
  return queue.waiting_since ? Math.max(0, (now - Date.parse(queue.waiting_since)) / 1000) : null
}

/** Agents who are logged on. */
export function atWork(queue: Shown): number {
  return STATES.filter((state) => state !== 'logged_off').reduce((sum, state) => sum + queue.agents[state], 0)
}

export const STATE_COLOURS: Record<(typeof STATES)[number], string> = {
  free: 'teal',
  ringing: 'yellow',
  talking: 'blue',
  wrap_up: 'grape',
  busy: 'indigo',
  resting: 'orange',
  unreachable: 'red',
  logged_off: 'gray',
}
