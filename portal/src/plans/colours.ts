import { lookOf } from '../week/colours'
import type { Plan } from './data'

/** The look of a plan, the same in every picture of its schema. */
export function colourOf(plans: readonly Plan[], number: number | null | undefined): string {
  return lookOf(plans.findIndex((plan) => plan.number === number))
}
