import looks from './picture.module.css'

/** Under white words: what counts or runs now. */
export const RUNNING = '#1f6b2e'

const COLOURS = [looks.blue, looks.violet, looks.orange, looks.pink, looks.cyan, looks.grape, looks.indigo, looks.red]

/** The look of the nth of some things, below 0 of none of them. Green is kept for what is running. */
export function lookOf(place: number): string {
  return (place < 0 ? looks.none : COLOURS[place % COLOURS.length]) ?? ''
}
