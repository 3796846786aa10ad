import type { Plan } from './data'
import looks from './picture.module.css'

/** Under white words: what counts or runs now. */
export const RUNNING = '#1f6b2e'

const COLOURS = [looks.blue, looks.violet, looks.orange, looks.pink, looks.cyan, looks.grape, looks.indigo, looks.red]

/** The look of a plan, the same in every picture of its schema. Green is kept for what is running. */
export function colourOf(plans: readonly Plan[], number: number | null | undefined): string {
  const place = plans.findIndex((plan) => plan.number === number)
  return (place < 0 ? looks.none : COLOURS[place % COLOURS.length]) ?? ''
}
