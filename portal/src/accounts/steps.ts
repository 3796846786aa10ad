// A newcomer's checklist: the exchange says what is there and what is missing; here is where each is arranged.
import type { Schemas } from '../api/client'
import { isAtLeast } from '../app/roles'
import type { Person } from '../app/Session'

export type Stand = Schemas['StepStand']
export type Step = Stand['step']

/** Where a step is taken; none where the reader cannot take it. */
export function placeOfStep(step: Step, account: number, person: Person): string | null {
  const base = `/accounts/${account}`
  switch (step) {
    case 'people':
      return `${base}/extensions/new?kind=user`
    case 'phones':
    case 'registered':
      return `${base}/channels`
    case 'numbers':
      return `${base}/numbers`
    case 'callers':
      return `${base}/plans`
    case 'caller_ids':
      return `${base}/settings`
    case 'outside':
      return isAtLeast(person, 'platform') ? `${base}/settings#trunks` : null
    case 'call':
      return `${base}/live`
  }
}

/** Has the reader to ask their supplier for it? */
export function isSuppliers(step: Step, person: Person): boolean {
  return (step === 'numbers' && !isAtLeast(person, 'partner')) || (step === 'outside' && !isAtLeast(person, 'platform'))
}

/** The first step that is left: what to do next. */
export function nextOf(steps: readonly Stand[]): Step | null {
  return steps.find((it) => it.done === false)?.step ?? null
}

/** Some of what is missing by name, and how many more there are. */
export function named(missing: readonly string[], nameOf: (key: string) => string, few = 4): { names: string; more: number } {
  return { names: missing.slice(0, few).map(nameOf).join(', '), more: Math.max(0, missing.length - few) }
}
