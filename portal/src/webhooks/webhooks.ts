import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '../api/client'
import { everyItem } from '../api/pages'
import { resolve, type Schema } from '../schema-form/schema'
import { useForm } from '../things/form'

export type Webhook = Schemas['WebhookOut']
export type Delivery = Schemas['Delivery']
export type DeliveryState = Delivery['state']

export const STATES: DeliveryState[] = ['waiting', 'held', 'delivered', 'given_up']

export const STATE_COLOURS: Record<DeliveryState, string> = {
  waiting: 'yellow',
  held: 'gray',
  delivered: 'teal',
  given_up: 'red',
}

export function useWebhooks(account: number) {
  return useQuery({
    queryKey: ['webhooks', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/webhooks', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
}

/** What kinds of events are called: the exchange says so in the form of a webhook. */
export function useEventNames(): Record<string, string> {
  return namesIn(useForm('webhook').data)
}

export function namesIn(form: Schema | undefined): Record<string, string> {
  const events = form?.properties?.events
  if (form === undefined || events?.items === undefined) return {}
  const { schema } = resolve(events.items, form.$defs ?? {})
  return (schema as Schema & { 'x-words'?: Record<string, string> })['x-words'] ?? {}
}

/** How it goes with a webhook: for its colour and its word. */
export function healthOf(webhook: Pick<Webhook, 'active' | 'failing_since'>): 'works' | 'paused' | 'failing' {
  if (!webhook.active) return 'paused'
  return webhook.failing_since ? 'failing' : 'works'
}

/** A delivery is worth looking at again soon: something is under way. */
export function isUnderWay(deliveries: Pick<Delivery, 'state'>[]): boolean {
  return deliveries.some((it) => it.state === 'waiting')
}
