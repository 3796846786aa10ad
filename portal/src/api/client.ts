// Speaks to the exchange. The types come from its own OpenAPI document (`npm run types`): a field that the exchange does
// not have does not compile here.
import createClient, { type Middleware } from 'openapi-fetch'
import { language } from '../i18n/words'
import type { components, paths } from './schema'

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

  /** What is wrong with which field, by JSON pointer. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.problem.errors ?? []).map((error) => [error.field, error.message]))
  }
}

/** The exchange does not answer: it restarts, or there is no network. */
export class Unreachable extends Error {}

let csrf = ''

/** What each change has to carry; it comes with signing in. */
export function keepCsrf(token: string): void {
  csrf = token
}

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
  onError() {
    return new Unreachable()
  },
}

/** A refusal; who waits to hear that nobody is signed in any more, hears it. */
export function refusalOf(problem: Problem): Refused {
  const refused = new Refused(problem)
  if (refused.kind === 'signed-out') for (const listener of signedOut) listener()
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

export const api = createClient<paths>({ baseUrl: '/' })
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
