// An exchange for component tests: answers what a story says that it answers, and remembers what it was asked.

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  headers: Headers
}

type Answer = (asked: Asked) => Response | Promise<Response>

const signedInPerson = {
  id: 1,
  name: 'Sanne',
  email: 'sanne@example.org',
  role: 'account',
  account: 1,
  language: 'en',
  extension: null,
}

/** What the exchange says of extensions 201 to 203. */
const PEOPLE = ['Jansen', 'Bakker', 'De Jong'].map((name, index) => ({
  number: `20${index + 1}`,
  name,
  kind: 'user',
  settings: {},
  summary: '',
}))

export class FakeExchange {
  asked: Asked[] = []
  /** No answer comes at all. */
  away = false
  /** Nobody is signed in: how it says so. */
  expired: 'signed-out' | 'unauthorized' | false = false
  #answers: { method: string; path: string; answer: Answer }[] = []

  constructor() {
    this.on('GET', '/api/v1/session', () => json({ csrf: 'word', user: signedInPerson }))
    this.on('POST', '/api/v1/session', () => {
      this.expired = false
      return json({ csrf: 'new word', user: signedInPerson })
    })
    this.on('GET', '/api/v1/session/ways', () => json({ outside: null }))
    this.on('GET', '/healthz', () => json({ healthy: true }))
    this.on('GET', '/api/v1/accounts/1/extensions', () => json({ items: PEOPLE, next: null }))
    this.on('GET', '/api/v1/accounts/1/numbers', () => json({ items: [{ e164: '+31205550100' }], next: null }))
    this.on('GET', '/api/v1/accounts/1/sounds', () => json({ items: [], next: null }))
    this.on('GET', '/api/v1/kinds', () => json({ items: [], next: null }))
    vi.stubGlobal('fetch', (input: Request | string) => this.#take(input))
  }

  /** From now on it answers so; what was said of the same address before counts no more. */
  on(method: string, path: string, answer: Answer): void {
    this.#answers.unshift({ method, path, answer })
  }

  /** What it was asked in this way. */
  heard(method: string, path: string): Asked[] {
    return this.asked.filter((it) => it.method === method && it.path === path)
  }

  async #take(input: Request | string): Promise<Response> {
    const request = typeof input === 'string' ? new Request(new URL(input, location.href)) : input
    const text = request.method === 'GET' ? '' : await request.text()
    const { pathname: path, searchParams: query } = new URL(request.url)
    const body = text ? (JSON.parse(text) as unknown) : null
    const asked = { method: request.method, path, query, body, headers: request.headers }
    this.asked.push(asked)
    if (this.away) throw new TypeError('Failed to fetch')
    if (this.expired && path !== '/healthz' && !path.startsWith('/api/v1/session')) return refusal(401, this.expired)
    const found = this.#answers.find((it) => it.method === asked.method && it.path === path)
    if (found === undefined) return refusal(404, 'not-found')
    return found.answer(asked)
  }
}

export function json(body: unknown, { status = 200, etag = '' } = {}): Response {
  const headers = { 'Content-Type': 'application/json', ...(etag ? { ETag: etag } : {}) }
  return new Response(JSON.stringify(body), { status, headers })
}

/** A refusal as the exchange words it; `fields`: what is wrong with which. */
export function refusal(status: number, type: string, fields: Record<string, string> = {}): Response {
  const errors = Object.entries(fields).map(([field, message]) => ({ field, message, code: 'invalid' }))
  return json(
    { type: `urn:centrale:problem:${type}`, title: type, status, detail: `It was refused: ${type}.`, errors },
    { status },
  )
}
