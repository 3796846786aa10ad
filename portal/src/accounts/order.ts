/** `list` with the thing at `place` moved by so many places; it stays within. */
export function moved<Thing>(list: readonly Thing[], place: number, by: number): Thing[] {
  const to = Math.min(list.length - 1, Math.max(0, place + by))
  const rest = list.filter((_, index) => index !== place)
  return [...rest.slice(0, to), ...list.slice(place, place + 1), ...rest.slice(to)]
}
