import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { colourOf } from './colours'
import { type Plan, planName } from './data'
import { DayRows, placed, taken } from './DayRows'
import looks from './picture.module.css'
import { clocksOf, useDragging } from './useDragging'
import {
  byDay,
  clockOf,
  DAY,
  type Entry,
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

interface Props {
  entries: Entry[]
  plans: Plan[]
  standing: number | null
  /** Second of the week on the customer's clock. */
  now: number
  chosen: string | null
  /** Nothing can be moved by who may not change it. */
  fixed: boolean
  onChoose: (key: string) => void
  onChange: (entry: Entry) => void
  onRemove: (key: string) => void
  /** A part of a day where nothing was, by a stroke or a press. */
  onDraw: (day: number, clocks: { start: string; end: string }) => void
}

const STEP = 15 * MINUTE

/** Seconds: what is shorter lies above its neighbours, for it takes some of their room. */
const NARROW = 7200

/** The week as it will run: seven days of 24 hours, the running period in green, gaps hatched. */
export function WeekPicture({ entries, plans, standing, now, chosen, fixed, onChoose, onChange, onRemove, onDraw }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const { stroke, take, hands } = useDragging({ frame, onChange, onDraw: (day, span) => onDraw(day, clocksOf(span)) })
  const pieces = piecesOf(entries)
  const today = Math.floor(now / DAY)
  const seen = new Map<string, number>()
  // Names that stay while a block moves, so that it keeps the keyboard.
  const nameOf = (piece: Piece, day: number) => {
    const name = `${day} ${piece.entry?.key ?? 'gap'}`
    seen.set(name, (seen.get(name) ?? 0) + 1)
    return `${name} ${seen.get(name)}`
  }
  const parts = pieces.flatMap((piece) => byDay(piece).map((part) => ({ ...part, piece, name: nameOf(piece, part.day) })))

  function press(event: KeyboardEvent, entry: Entry) {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowUp: -DAY, ArrowDown: DAY }[event.key]
    if (event.key === 'Delete' && !fixed) onRemove(entry.key)
    if (by === undefined || fixed || event.altKey || event.metaKey) return
    if (Math.abs(by) === DAY && entry.days !== null) return
    event.preventDefault()
    onChange(moved(entry, event.shiftKey ? 'end' : event.ctrlKey ? 'start' : 'whole', by))
  }

  return (
    <div ref={frame} {...hands}>
      <DayRows
        label={t('plans.week.picture')}
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
                    plans={plans}
                    standing={standing}
                    running={now >= part.piece.from && now < part.piece.to}
                    chosen={part.piece.entry !== null && part.piece.entry.key === chosen}
                    fixed={fixed}
                    onTake={(event) => !fixed && take(event, part.piece.entry, 'whole', index)}
                    onKeyDown={(event) => part.piece.entry !== null && press(event, part.piece.entry)}
                    onClick={() => {
                      if (part.piece.entry !== null) onChoose(part.piece.entry.key)
                      else if (!fixed) onDraw(index, { start: clockOf(part.from), end: clockOf(part.to) })
                    }}
                  />
                ))}
              {!fixed &&
                edgesOf(entries.find((entry) => entry.key === chosen)).map(
                  (edge) =>
                    edge.day === index && (
                      <span
                        key={`${edge.part} ${edge.at}`}
                        className={looks.edge}
                        style={{ left: `${(edge.at / DAY) * 100}%` }}
                        onPointerDown={(event) => take(event, edge.entry, edge.part, index)}
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

/** Where the edges of the chosen entry stand. */
function edgesOf(entry: Entry | undefined): { day: number; at: number; part: Part; entry: Entry }[] {
  if (entry === undefined) return []
  return spansOf(entry).flatMap((span) => {
    const days = byDay(span)
    const [first, last] = [days[0]!, days.at(-1)!]
    return [
      { day: first.day, at: first.from, part: 'start' as const, entry },
      { day: last.day, at: last.to, part: 'end' as const, entry },
    ]
  })
}

interface BlockProps {
  part: Span & { day: number; piece: Piece }
  plans: Plan[]
  standing: number | null
  running: boolean
  chosen: boolean
  fixed: boolean
  onTake: (event: React.PointerEvent) => void
  onKeyDown: (event: KeyboardEvent) => void
  onClick: () => void
}

function Block({ part, plans, standing, running, chosen, fixed, onTake, onKeyDown, onClick }: BlockProps) {
  const { t } = useTranslation()
  const { entry } = part.piece
  const plan = entry?.plan ?? standing
  const when = `${dayName(part.day, language())} ${clockOf(part.from)}–${part.to === DAY ? '24:00' : clockOf(part.to)}`
  const name = plan === null ? t('plans.week.gap') : planName(plans, plan)
  const look = entry !== null ? colourOf(plans, entry.plan) : plan === null ? looks.gap : looks.standing
  const label = [
    entry === null && plan !== null ? t('plans.week.byStanding', { name }) : name,
    when,
    running && t('plans.week.running'),
    entry === null && !fixed && t('plans.week.fill'),
  ]
  const words = label.filter(Boolean).join(', ')
  return (
    <>
      <span
        aria-hidden
        className={[looks.block, look, running && plan !== null && looks.running, chosen && looks.chosen]
          .filter(Boolean)
          .join(' ')}
        style={placed(part)}
      >
        {name}
      </span>
      <button
        type="button"
        className={[looks.hit, entry && !fixed && looks.movable, part.to - part.from < NARROW && looks.narrow]
          .filter(Boolean)
          .join(' ')}
        style={taken(part)}
        title={words}
        aria-label={words}
        aria-pressed={entry === null ? undefined : chosen}
        onPointerDown={onTake}
        onKeyDown={onKeyDown}
        onClick={onClick}
      />
    </>
  )
}
