import type { CSSProperties, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import looks from './picture.module.css'
import { DAY, type Span } from './week'

const TICKS = [0, 6, 12, 18, 24]

interface Props {
  rows: { key: string; label: string; today?: boolean; children: ReactNode }[]
  /** Second of today's row. */
  now: number | null
  label: string
  /** Rows are dates, whose names are longer. */
  dated?: boolean
}

/** Rows of 24 hours below each other, with the hours above and where it is now. */
export function DayRows({ rows, now, label, dated = false }: Props) {
  const { t } = useTranslation()
  return (
    <div className={`${looks.picture} ${dated ? looks.dated : ''}`} role="group" aria-label={label}>
      <div className={looks.row} aria-hidden>
        <span />
        <div className={looks.hours}>
          {TICKS.map((hour) => (
            <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
              {hour}
            </span>
          ))}
        </div>
      </div>
      {rows.map((row) => (
        <div className={looks.row} key={row.key} data-row>
          <span className={`${looks.label} ${row.today ? looks.today : ''}`}>{row.label}</span>
          <div className={looks.track} data-track>
            {row.children}
            {row.today && now !== null && <span className={looks.now} style={{ left: at(now) }} title={t('week.now')} />}
          </div>
        </div>
      ))}
    </div>
  )
}

/** Where a part of a day stands in its row. */
export function placed({ from, to }: Span): CSSProperties {
  return { left: at(from), width: `${((to - from) / DAY) * 100}%` }
}

/** The same for what is pressed there: a finger needs 24 pixels. */
export function taken(span: Span): CSSProperties {
  const { left, width } = placed(span)
  return { left, width: `max(${width}, 24px)`, marginLeft: `min(0px, (${width} - 24px) / 2)` }
}

function at(second: number): string {
  return `${(second / DAY) * 100}%`
}
