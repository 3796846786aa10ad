/** `list` with what stood at `from` standing at `to`; itself when there is nothing to move. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const result = [...list]
  if (from < 0 || from >= list.length || to < 0 || to >= list.length) return result
  const [taken] = result.splice(from, 1)
  if (taken !== undefined) result.splice(to, 0, taken)
  return result
}
