// The exchange's figures, in the text format of Prometheus.

/** Every sample by its name; those with labels summed up. */
export function sums(text: string): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{[^}]*\})?\s+(\S+)/.exec(line)
    const value = Number(match?.[2])
    if (match?.[1] !== undefined && Number.isFinite(value)) found.set(match[1], (found.get(match[1]) ?? 0) + value)
  }
  return found
}
