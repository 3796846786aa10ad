import { type PointerEvent, type RefObject, useRef, useState } from 'react'
import { clockOf, DAY, type Line, moved, type Part, snapped, type Span } from './week'

/** Seconds: shorter than a quarter of an hour is a click, not a stroke. */
const LEAST = 900

interface Grip<L> {
  pointer: number
  x: number
  y: number
  /** What is moved; null while something new is drawn. */
  line: L | null
  part: Part
  day: number
  /** Second of the day where a stroke began. */
  from: number
}

interface Hands<L> {
  frame: RefObject<HTMLDivElement | null>
  onChange: (line: L) => void
  onDraw: (day: number, span: Span) => void
}

/** Moves lines, and draws new ones, by mouse, pen or finger. The frame holds on to the pointer: what it began on may be
 * drawn anew under it. */
export function useDragging<L extends Line>({ frame, onChange, onDraw }: Hands<L>) {
  const grip = useRef<Grip<L> | null>(null)
  const [stroke, setStroke] = useState<(Span & { day: number }) | null>(null)
  /** Was it a drag? Then the click that ends it means nothing. */
  const dragged = useRef(false)

  function trackWidth(): number {
    return frame.current?.querySelector('[data-track]')?.getBoundingClientRect().width ?? 1
  }

  function take(event: PointerEvent, line: L | null, part: Part, day: number) {
    if (event.button !== 0) return
    dragged.current = false
    const left = frame.current?.querySelector('[data-track]')?.getBoundingClientRect().left ?? 0
    const from = ((event.clientX - left) / trackWidth()) * DAY
    grip.current = { pointer: event.pointerId, x: event.clientX, y: event.clientY, line, part, day, from }
  }

  function move(event: PointerEvent) {
    const held = grip.current
    if (held === null || held.pointer !== event.pointerId) return
    const over = event.clientX - held.x
    if (!dragged.current) {
      if (Math.hypot(over, event.clientY - held.y) < 4) return
      dragged.current = true
      frame.current?.setPointerCapture(event.pointerId)
    }
    const seconds = (over / trackWidth()) * DAY
    if (held.line !== null) {
      onChange(moved(held.line, held.part, snapped(seconds) + daysOver(held, event.clientY) * DAY))
      return
    }
    const [one, other] = [held.from, held.from + seconds].map((it) => Math.min(DAY, Math.max(0, snapped(it)))) as [number, number]
    setStroke({ day: held.day, from: Math.min(one, other), to: Math.max(one, other) })
  }

  /** Periods go from day to day with the hand; what is per day has its days chosen one by one. */
  function daysOver({ line, y }: Grip<L>, now: number): number {
    if (line === null || line.days !== null) return 0
    const rows = frame.current?.querySelectorAll('[data-row]')
    const [first, second] = [rows?.[0], rows?.[1]].map((row) => row?.getBoundingClientRect().top ?? 0) as [number, number]
    return Math.round((now - y) / Math.max(1, second - first))
  }

  function drop() {
    const held = grip.current
    grip.current = null
    if (held?.line === null && stroke !== null && stroke.to - stroke.from >= LEAST) onDraw(stroke.day, stroke)
    setStroke(null)
  }

  return {
    stroke,
    take,
    /** For the frame around all rows. */
    hands: {
      onPointerMove: move,
      onPointerUp: drop,
      onPointerCancel: drop,
      onClickCapture: (event: { stopPropagation: () => void }) => {
        if (dragged.current) event.stopPropagation()
        dragged.current = false
      },
    },
  }
}

/** What a stroke on one day becomes: a line of that day. */
export function clocksOf({ from, to }: Span): { start: string; end: string } {
  return { start: clockOf(from), end: clockOf(to) }
}
