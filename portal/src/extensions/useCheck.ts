import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, got } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { same } from '../parts/merge'
import { type Json, type JsonObject, valueAt } from '../schema-form/schema'
import { useReader } from '../schema-form/words'

/** Milliseconds without typing before the exchange is asked. */
const PAUSE = 400

interface Asked {
  account: number
  exists: boolean
  /** What would be sent, without PINs. */
  body: JsonObject
  /** What stood there before anybody typed. */
  start: JsonObject
}

/** What the exchange says of an extension while somebody types: what it would do, and what is wrong with what was typed. */
export function useCheck({ account, exists, body, start }: Asked) {
  const reads = useReader()
  const mayChange = isAtLeast(usePerson(), 'account')
  const changed = !same(body, start)
  const [asked] = useDebouncedValue(body, PAUSE)
  const check = useQuery({
    queryKey: ['check', account, exists, reads, asked],
    queryFn: ({ signal }) =>
      got(
        api.POST('/api/v1/accounts/{account}/extensions/check', {
          params: { path: { account }, query: { exists, language: reads } },
          body: asked as never,
          signal,
        }),
      ),
    // Only of what stands there now: what is saved meanwhile is another question, and its number may be another one.
    enabled: changed && mayChange && same(asked, body),
    retry: false,
    gcTime: 0,
  })
  const told = changed ? (check.data?.problems ?? []).map((it) => [it.field, it.message] as const) : []
  return {
    summary: (changed && check.data?.summary) || undefined,
    // Only of what was typed, and has not been typed over since: nobody is told that they have yet to fill in the rest.
    problems: Object.fromEntries(
      told.filter(([pointer]) => {
        const value = valueAt(body, pointer)
        return isTyped(value, valueAt(start, pointer)) && same(value, valueAt(asked, pointer))
      }),
    ),
  }
}

function isTyped(value: Json, before: Json): boolean {
  return value !== null && value !== '' && !same(value, before)
}
