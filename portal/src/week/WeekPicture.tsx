import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { DayRows, placed, taken } from './DayRows'
import looks from './picture.module.css'
import { clocksOf, useDragging } from './useDragging'
import {
  byDay,
  clockOf,
  DAY,
  type Line,
  MINUTE,
  moved,
  type Part,
  type Piece,
  piecesOf,
  type Span,
  spansOf,
  WEEKDAYS,
} from './week'
import { dayName } from './when'

interface Props<L extends Line> {
  lines: readonly L[]
  /** What is seen of what a line gives. */
  shown: (line: L) => Shown
  /** What counts where no line does; `gap`: nothing does. */
  otherwise: { name: string; gap: boolean }
  /** Second of the week on the customer's clock. */
  now: number
  chosen: string | null
  /** Nothing can be moved by who may not change it. */
  fixed: boolean
  onChoose: (key: string) => void
  onChange: (line: L) => void
  onRemove: (key: string) => void
  /** A part of a day where nothing was, by a stroke or a press. */
  onDraw: (day: number, clocks: { start: string; end: string }) => void
}

export interface Shown {
  name: string
  look: string
}

const STEP = 15 * MINUTE

/** Seconds: what is shorter lies above its neighbours, for it takes some of their room. */
const NARROW = 7200

/** The week as it will run: seven days of 24 hours, the running period in green, gaps hatched. */
export function WeekPicture<L extends Line>(props: Props<L>) {
  const { lines, shown, otherwise, now, chosen, fixed, onChoose, onChange, onRemove, onDraw } = props
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const { stroke, take, hands } = useDragging<L>({ frame, onChange, onDraw: (day, span) => onDraw(day, clocksOf(span)) })
  const pieces = piecesOf(lines)
  const today = Math.floor(now / DAY)
  const seen = new Map<string, number>()
  // Names that stay while a block moves, so that it keeps the keyboard.
  const nameOf = (piece: Piece<L>, day: number) => {
    const name = `${day} ${piece.line?.key ?? 'gap'}`
    seen.set(name, (seen.get(name) ?? 0) + 1)
    return `${name} ${seen.get(name)}`
  }
  const parts = pieces.flatMap((piece) => byDay(piece).map((part) => ({ ...part, piece, name: nameOf(piece, part.day) })))

  function press(event: KeyboardEvent, line: L) {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowUp: -DAY, ArrowDown: DAY }[event.key]
    if (event.key === 'Delete' && !fixed) onRemove(line.key)
    if (by === undefined || fixed || event.altKey || event.metaKey) return
    if (Math.abs(by) === DAY && line.days !== null) return
    event.preventDefault()
    onChange(moved(line, event.shiftKey ? 'end' : event.ctrlKey ? 'start' : 'whole', by))
  }

  return (
    <div ref={frame} {...hands}>
      <DayRows
        label={t('week.picture')}
        now={now % DAY}
        rows={WEEKDAYS.map((day, index) => ({
          key: day,
          label: dayName(day, language(), 'short'),
          today: index === today,
          children: (
            <>
              {parts
                .filter((part) => part.day === index)
                .map((part) => (
                  <Block
                    key={part.name}
                    part={part}
                    {...(part.piece.line === null
                      ? { name: otherwise.name, look: (otherwise.gap ? looks.gap : looks.standing) ?? '' }
                      : shown(part.piece.line))}
                    movable={part.piece.line !== null}
                    running={now >= part.piece.from && now < part.piece.to}
                    hollow={part.piece.line === null && otherwise.gap}
                    chosen={part.piece.line !== null && part.piece.line.key === chosen}
                    fixed={fixed}
                    onTake={(event) => !fixed && take(event, part.piece.line, 'whole', index)}
                    onKeyDown={(event) => part.piece.line !== null && press(event, part.piece.line)}
                    onClick={() => {
                      if (part.piece.line !== null) onChoose(part.piece.line.key)
                      else if (!fixed) onDraw(index, { start: clockOf(part.from), end: clockOf(part.to) })
                    }}
                  />
                ))}
              {!fixed &&
                edgesOf(lines.find((line) => line.key === chosen)).map(
                  (edge) =>
                    edge.day === index && (
                      <span
                        key={`${edge.part} ${edge.at}`}
                        className={looks.edge}
                        style={{ left: `${(edge.at / DAY) * 100}%` }}
                        onPointerDown={(event) => take(event, edge.line, edge.part, index)}
                        data-edge={edge.part}
                      />
                    ),
                )}
              {stroke?.day === index && <span className={`${looks.block} ${looks.ghost} ${looks.none}`} style={placed(stroke)} />}
            </>
          ),
        }))}
      />
    </div>
  )
}

/** Where the edges of the chosen line stand. */
function edgesOf<L extends Line>(line: L | undefined): { day: number; at: number; part: Part; line: L }[] {
  if (line === undefined) return []
  return spansOf(line).flatMap((span) => {
    const days = byDay(span)
    const [first, last] = [days[0]!, days.at(-1)!]
    return [
      { day: first.day, at: first.from, part: 'start' as const, line },
      { day: last.day, at: last.to, part: 'end' as const, line },
    ]
  })
}

interface BlockProps extends Shown {
  part: Span & { day: number }
  /** It is a line's; otherwise it can be filled. */
  movable: boolean
  /** Nothing counts there. */
  hollow: boolean
  running: boolean
  chosen: boolean
  fixed: boolean
  onTake: (event: React.PointerEvent) => void
  onKeyDown: (event: KeyboardEvent) => void
  onClick: () => void
}

function Block({ part, name, look, movable, hollow, running, chosen, fixed, onTake, onKeyDown, onClick }: BlockProps) {
  const { t } = useTranslation()
  const when = `${dayName(part.day, language())} ${clockOf(part.from)}–${part.to === DAY ? '24:00' : clockOf(part.to)}`
  const words = [name, when, running && t('week.running'), !movable && !fixed && t('week.fill')].filter(Boolean).join(', ')
  return (
    <>
      <span
        aria-hidden
        className={[looks.block, look, running && !hollow && looks.running, chosen && looks.chosen].filter(Boolean).join(' ')}
        style={placed(part)}
      >
        {name}
      </span>
      <button
        type="button"
        className={[looks.hit, movable && !fixed && looks.movable, part.to - part.from < NARROW && looks.narrow]
          .filter(Boolean)
          .join(' ')}
        style={taken(part)}
        title={words}
        aria-label={words}
        aria-pressed={movable ? chosen : undefined}
        onPointerDown={onTake}
        onKeyDown={onKeyDown}
        onClick={onClick}
      />
    </>
  )
}
