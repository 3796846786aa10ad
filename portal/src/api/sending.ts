// How a request reaches the exchange: a create carries a key by which the exchange knows it again (Idempotency-Key), so
// that it can be sent once more when its answer got lost.
import { heard, isFromBetween, notHeard } from './connection'

/** The exchange does not answer: it restarts, or there is no network. */
export class Unreachable extends Error {}

/** Milliseconds before a request is sent once more. */
export const PAUSE = 1_000

/** Requests that create nothing, although they are POSTs. */
const ASKS = /\/(check|explain)$|\/session(\/|$)/

/** Keys of creates that got no answer: who presses the button again means the same one. */
const unanswered = new Map<string, string>()

/** 128 bits of chance, in hexadecimal digits. `crypto.randomUUID` is there on https only. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The key of a create that is described by `what`: a new one, or that of the try that got no answer. */
export function keyFor(what: string): string {
  const key = unanswered.get(what) ?? newKey()
  unanswered.set(what, key)
  return key
}

/** It was carried out or refused: the same once more is another one. */
export function answered(what: string): void {
  unanswered.delete(what)
}

/** Sends `request`; a create whose answer is lost once more, with the same key. Throws `Unreachable`. */
export async function send(request: Request): Promise<Response> {
  if (request.method !== 'POST' || ASKS.test(new URL(request.url).pathname)) return once(request)
  const what = `${request.url} ${await request.clone().text()}`
  request.headers.set('Idempotency-Key', keyFor(what))
  const again = request.clone()
  let answer: Response
  try {
    answer = await once(request)
  } catch (problem) {
    if (!(problem instanceof Unreachable)) throw problem
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    answer = await once(again)
  }
  answered(what)
  return answer
}

async function once(request: Request): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(request)
  } catch (problem) {
    if (request.signal.aborted) throw problem
    notHeard()
    throw new Unreachable()
  }
  if (isFromBetween(answer)) {
    notHeard()
    throw new Unreachable()
  }
  heard()
  return answer
}
