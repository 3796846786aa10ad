// What the number plans' pages ask of the exchange. Everything stands under ['plans', account], so that one call makes
// all of it new after a change.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { useAccount } from '../accounts/account'
import { api, got, gotVersion, type Schemas, type Versioned } from '../api/client'
import { everyItem } from '../api/pages'
import '../i18n/parts/plans'
import '../i18n/parts/week'

export type PlanSchema = Schemas['SchemaOut']
export type Plan = Schemas['PlanOut']
export type Holiday = Schemas['HolidayOut']
export type ActivePlan = Schemas['ActivePlanOut']

/** Milliseconds: what is active changes by itself, at a time of the schedule or from a telephone (915). */
const SOON = 30_000

/** The number of the schema whose page this is. */
export function useSchemaNumber(): number {
  return Number(useParams().schema)
}

export function useZone(account: number): string {
  return useAccount(account).data?.timezone ?? 'UTC'
}

/** Fetches everything about number plans anew. */
export function useRefresh(account: number): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['plans', account] })
}

export function useSchemas(account: number) {
  return useQuery({
    queryKey: ['plans', account, 'schemas'],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/schemas', {
            params: { path: { account }, query: { limit: 100, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
}

export function readSchema(account: number, schema: number) {
  return gotVersion(api.GET('/api/v1/accounts/{account}/schemas/{schema}', { params: { path: { account, schema } } }))
}

/** A schema whole, with its plans, schedule and holidays, and its version. */
export function useSchema(account: number, schema: number) {
  return useQuery({ queryKey: ['plans', account, 'schema', schema], queryFn: () => readSchema(account, schema) })
}

export function readPlan(account: number, schema: number, plan: number) {
  return gotVersion(
    api.GET('/api/v1/accounts/{account}/schemas/{schema}/plans/{plan}', { params: { path: { account, schema, plan } } }),
  )
}

export function usePlan(account: number, schema: number, plan: number) {
  return useQuery({ queryKey: ['plans', account, 'plan', schema, plan], queryFn: () => readPlan(account, schema, plan) })
}

/** Which plan is active now, and why (NP-3). */
export function useActive(account: number, schema: number) {
  return useQuery({
    queryKey: ['plans', account, 'active', schema],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/schemas/{schema}/active', { params: { path: { account, schema } } })),
    refetchInterval: SOON,
  })
}

/** What the coming 14 days bring (NP-10). */
export function usePreview(account: number, schema: number) {
  return useQuery({
    queryKey: ['plans', account, 'preview', schema],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/schemas/{schema}/preview', { params: { path: { account, schema } } })),
    refetchInterval: 10 * SOON,
  })
}

/** All numbers of the customer. */
export function useNumbers(account: number) {
  return useQuery({
    queryKey: ['numbers', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/numbers', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
}

/** `1 Open`; the bare number when there is no such plan. */
export function planName(plans: readonly Plan[], number: number | null | undefined): string {
  const plan = plans.find((it) => it.number === number)
  return plan === undefined ? String(number ?? '—') : `${plan.number} ${plan.name}`
}

/** What each part of a schema's page is given. */
export interface TabProps {
  account: number
  schema: Versioned<PlanSchema>
  zone: string
  mayChange: boolean
}
