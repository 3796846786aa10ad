import { Button, Group, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/week'
import { Legend, type Mark } from './Legend'
import { LineForm } from './LineForm'
import { LineTable } from './LineTable'
import looks from './picture.module.css'
import { countsAt, type Line, type Times, type Weekday, WEEKDAYS } from './week'
import { type Shown, WeekPicture } from './WeekPicture'

interface Props<L extends Line> {
  lines: readonly L[]
  /** What the lines give, such as plans. */
  what: string
  shown: (line: L) => Shown
  marks: Mark[]
  /** What counts where no line does; `gap`: nothing does. */
  otherwise: { name: string; gap: boolean }
  /** Second of the week on the customer's clock. */
  now: number
  /** Nothing can be changed by who may not. */
  fixed: boolean
  /** Was it not there when somebody began? */
  isNew: (line: L) => boolean
  /** A line of these times, like the one that is chosen. */
  make: (times: Times, like: L | undefined) => L
  onChange: (lines: L[]) => void
  /** What is wrong with a line, by JSON pointer inside it. */
  problemsOf: (line: L) => Record<string, string>
  /** Fields for what a line gives. */
  fieldsOf: (line: L, put: (line: L) => void) => ReactNode
  /** Between the picture and the rest, such as a warning. */
  warning?: ReactNode
  /** Beside the button for a new line. */
  buttons?: ReactNode
  /** Those buttons stay in sight. */
  sticky?: boolean
  /** May another line be added? */
  full?: boolean
}

/** A week that is arranged by hand, by keyboard and in words: the picture, one line exactly, and all of them to read. */
export function WeekEditor<L extends Line>(props: Props<L>) {
  const { lines, what, shown, marks, otherwise, now, fixed, isNew, make, onChange, problemsOf, fieldsOf } = props
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string | null>(null)
  const open = lines.find((line) => line.key === chosen)
  const put = (changed: L) => onChange(lines.map((line) => (line.key === changed.key ? changed : line)))
  const counting = countsAt(lines, now)

  function remove(key: string) {
    if (key === chosen) setChosen(null)
    onChange(lines.filter((line) => line.key !== key))
  }

  function add(days: Weekday[], clocks: { start: string; end: string }) {
    if (props.full) return
    const made = make({ days, ...clocks, start_day: null, end_day: null }, open)
    onChange([...lines, made])
    setChosen(made.key)
  }

  return (
    <>
      {!fixed && <Text size="sm">{t('week.how')}</Text>}
      <Legend marks={[...marks, { look: looks.running, words: t('week.running') }]} />
      <WeekPicture
        lines={lines}
        shown={shown}
        otherwise={otherwise}
        now={now}
        chosen={chosen}
        fixed={fixed}
        onChoose={setChosen}
        onChange={put}
        onRemove={remove}
        onDraw={(day, clocks) => add([WEEKDAYS[day]!], clocks)}
      />
      {props.warning}
      {!fixed && (
        <Group pos={props.sticky ? 'sticky' : undefined} bottom={0} py="xs" bg="var(--mantine-color-body)" style={{ zIndex: 6 }}>
          <Button
            variant="light"
            disabled={props.full}
            onClick={() => add(WEEKDAYS.slice(0, 5), { start: '09:00', end: '17:00' })}
          >
            {t('week.newEntry')}
          </Button>
          {props.buttons}
        </Group>
      )}
      {open && !fixed && (
        <LineForm
          key={open.key}
          line={open}
          isNew={isNew(open)}
          problems={problemsOf(open)}
          onChange={put}
          onRemove={() => remove(open.key)}
          onClose={() => setChosen(null)}
        >
          {fieldsOf(open, put)}
        </LineForm>
      )}
      <LineTable
        lines={lines}
        what={what}
        shown={shown}
        running={counting?.key ?? null}
        chosen={chosen}
        fixed={fixed}
        problemOf={(line) => (line.key === chosen ? undefined : Object.values(problemsOf(line)).join(' ') || undefined)}
        onChoose={setChosen}
        onRemove={remove}
      />
      <Text size="sm" c="dimmed">
        {t('week.rule')}
      </Text>
    </>
  )
}
