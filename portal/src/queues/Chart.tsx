import { Group, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { number } from '../i18n/format'
import '../i18n/parts/queues'
import { type Bar, drawBars, scale } from './bars'
import looks from './Chart.module.css'

const [WIDTH, HEIGHT, LEFT, BELOW, ABOVE] = [720, 200, 40, 24, 8]
const SERIES = [looks.s0, looks.s1]

interface Props {
  /** What it shows; the figures themselves stand in a table beside it. */
  title: string
  bars: Bar[]
  /** What the parts of each bar are, from below. */
  series: string[]
}

/** Bars, drawn here. */
export function Chart({ title, bars, series }: Props) {
  const { t } = useTranslation()
  const { top, lines } = scale(Math.max(0, ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part, 0))))
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const drawn = drawBars(bars, WIDTH - LEFT, HEIGHT, top, narrow ? 13 : 7)
  const yOf = (value: number) => ABOVE + HEIGHT - (value / top) * HEIGHT
  return (
    <figure style={{ margin: 0, maxWidth: 860 }}>
      <Text component="figcaption" size="sm" fw={500} mb={4}>
        {title}
      </Text>
      <Group gap="md" mb={4} aria-hidden>
        {series.map((name, index) => (
          <Group key={name} gap={6}>
            <span className={`${looks.key} ${SERIES[index]}`} />
            <Text size="xs">{name}</Text>
          </Group>
        ))}
      </Group>
      <svg
        viewBox={`0 0 ${WIDTH} ${ABOVE + HEIGHT + BELOW}`}
        className={looks.chart}
        role="img"
        aria-label={`${title}. ${t('statistics.inTable')}`}
      >
        {lines.map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH} y1={yOf(value)} y2={yOf(value)} className={looks.line} />
            <text x={LEFT - 6} y={yOf(value) + 4} textAnchor="end">
              {number(value)}
            </text>
          </g>
        ))}
        {drawn.map((bar, index) => (
          <g key={index}>
            {bar.parts.map((part) => (
              <rect
                key={part.series}
                x={LEFT + bar.x}
                y={ABOVE + part.y}
                width={bar.width}
                height={part.height}
                className={SERIES[part.series]}
              >
                <title>{`${bars[index]?.label ?? ''}: ${series[part.series]} ${number(part.value)}`}</title>
              </rect>
            ))}
            {bar.label !== null && (
              <text x={LEFT + bar.middle} y={ABOVE + HEIGHT + 16} textAnchor="middle">
                {bar.label}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  )
}
