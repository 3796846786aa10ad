import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/week'
import { readClock } from './clock'

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** `09:00`. */
  value: string
  onChange: (clock: string) => void
}

/** What may yet become a time. */
const BEGUN = /^\d{0,2}[:.h]?\d?$/

/** A time of day of 24 hours, whatever the browser thinks of clocks. What is no time is said at once, and stops the form. */
export function ClockInput({ value, onChange, error, ...rest }: Props) {
  const { t } = useTranslation()
  /** What stands there while it is typed; null: `value`. */
  const [typed, setTyped] = useState<string | null>(null)
  const [there, setThere] = useState(false)
  const wrong = typed !== null && readClock(typed) === null && !(there && BEGUN.test(typed))
  return (
    <TextInput
      {...rest}
      inputMode="numeric"
      autoComplete="off"
      placeholder="17:30"
      pattern="\s*\d{1,2}([:.h ]?[0-5]\d(:[0-5]\d)?)?\s*"
      title={t('week.noClock')}
      value={typed ?? value}
      error={wrong ? t('week.noClock') : error}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text)
        const clock = readClock(text)
        if (clock !== null) onChange(clock)
      }}
      onFocus={() => setThere(true)}
      onBlur={() => {
        setThere(false)
        if (typed !== null && (typed.trim() === '' || readClock(typed) !== null)) setTyped(null)
      }}
    />
  )
}
