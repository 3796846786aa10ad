// Speaks to the exchange. The types come from its own OpenAPI document (`npm run types`): a field that the exchange does
// not have does not compile here.
import createClient, { type Middleware } from 'openapi-fetch'
import { language } from '../i18n/words'
import type { components, paths } from './schema'
import { send, Unreachable } from './sending'

export { Unreachable }
export type { paths }
export type Schemas = components['schemas']
export type Problem = Schemas['Problem']

/** A refusal, in the exchange's own words (RFC 9457); `Unreachable` when there is no answer at all. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail)
  }

  /** `signed-out`, `in-use`, `invalid` …: for programs. */
  get kind(): string {
    return this.problem.type.replace('urn:centrale:problem:', '')
  }

  /** Nobody is signed in any more: the session ended, or the browser threw its cookie away. */
  get isSignedOut(): boolean {
    return this.kind === 'signed-out' || this.kind === 'unauthorized'
  }

  /** What is wrong with which field, by JSON pointer. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.problem.errors ?? []).map((error) => [error.field, error.message]))
  }
}

let csrf = ''
let signedIn: number | null = null

/** What each change of person `id` has to carry; it comes with signing in. */
export function keepCsrf(token: string, id: number): void {
  csrf = token
  signedIn = id
}

/** The number of the person who is signed in here. */
export const signedInAs = (): number | null => signedIn

/** What a change has to carry that is not sent by way of `api`. */
export const currentCsrf = (): string => csrf

type Listener = () => void
const signedOut = new Set<Listener>()

/** Tells when the exchange says that nobody is signed in any more. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener)
  return () => signedOut.delete(listener)
}

const ours: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    request.headers.set('Accept-Language', language()) // refusals come in the portal's language, not the browser's
    return request
  },
  async onResponse({ response }) {
    if (response.ok) return response
    throw refusalOf(await readProblem(response))
  },
}

/** Sends it. The same person may have signed in anew in another tab: then this one has the old word, and gets the new. */
async function sendAsSignedIn(request: Request): Promise<Response> {
  const again = request.clone()
  const answer = await send(request)
  if (answer.status !== 403) return answer
  const problem = await readProblem(answer.clone())
  if (!problem.type.endsWith(':csrf')) return answer
  const here = await fetch('/api/v1/session', { headers: { Accept: 'application/json' } })
  const now = here.ok ? ((await here.json()) as Schemas['SignedIn']) : null
  if (now === null || now.user.id !== signedIn) throw refusalOf({ ...problem, type: 'urn:centrale:problem:signed-out' })
  csrf = now.csrf
  again.headers.set('X-CSRF-Token', csrf)
  return send(again)
}

/** A refusal; who waits to hear that nobody is signed in any more, hears it. */
export function refusalOf(problem: Problem): Refused {
  const refused = new Refused(problem)
  if (refused.isSignedOut) for (const listener of signedOut) listener()
  return refused
}

async function readProblem(response: Response): Promise<Problem> {
  const plain = { type: 'urn:centrale:problem:http', title: response.statusText, status: response.status }
  try {
    return { ...plain, detail: response.statusText, ...((await response.json()) as Partial<Problem>) } as Problem
  } catch {
    return { ...plain, detail: `${response.status} ${response.statusText}` } as Problem
  }
}

export const api = createClient<paths>({ baseUrl: '/', fetch: sendAsSignedIn })
api.use(ours)

/** What an answer holds; a refusal was thrown before. */
export async function got<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await answer).data as T
}

/** The same, with its version for `If-Match`. */
export async function gotVersion<T>(answer: Promise<{ data?: T; response: Response }>): Promise<Versioned<T>> {
  const { data, response } = await answer
  return { value: data as T, etag: response.headers.get('etag') ?? '*' }
}

export interface Versioned<T> {
  value: T
  etag: string
}
