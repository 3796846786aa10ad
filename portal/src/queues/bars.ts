// Where the bars of a chart stand: pure.

export interface Bar {
  label: string
  /** From bottom to top. */
  parts: number[]
}

export interface Drawn {
  x: number
  width: number
  parts: { y: number; height: number; value: number; series: number }[]
  /** Null where labels would stand on each other. */
  label: string | null
  middle: number
}

/** A round number at or above `most`, and the lines to draw up to it. */
export function scale(most: number): { top: number; lines: number[] } {
  if (most <= 0) return { top: 1, lines: [0, 1] }
  const raw = most / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = Math.max(1, [1, 2, 5, 10].map((it) => it * power).find((it) => it >= raw) ?? raw)
  const lines = []
  for (let at = 0; at < most + step; at += step) lines.push(at)
  return { top: lines.at(-1) ?? 1, lines }
}

/** As many labels at most are written below. */
const MOST_LABELS = 8

/** `letter`: how wide one is; labels do not stand on each other. */
export function drawBars(bars: readonly Bar[], width: number, height: number, top: number, letter = 7): Drawn[] {
  const each = width / Math.max(1, bars.length)
  const longest = Math.max(1, ...bars.map((bar) => bar.label.length))
  const labels = Math.max(1, Math.min(MOST_LABELS, Math.floor(width / ((longest + 1) * letter))))
  const every = Math.max(1, Math.ceil(bars.length / labels))
  return bars.map((bar, index) => {
    let below = 0
    const parts = bar.parts.map((value, series) => {
      const size = (value / top) * height
      below += size
      return { y: height - below, height: size, value, series }
    })
    const gap = Math.min(each * 0.2, 8)
    return {
      x: index * each + gap / 2,
      width: Math.max(1, Math.min(each - gap, 64)),
      parts,
      label: index % every === 0 ? bar.label : null,
      middle: index * each + gap / 2 + Math.max(1, Math.min(each - gap, 64)) / 2,
    }
  })
}
