import { locale } from '../i18n/format'

/** What a row is sorted by. */
export type Value<Row> = (row: Row) => string | number | null | undefined

/** Texts as people order them, `9` before `10`; what is empty stands last. */
export function sorted<Row>(all: Row[], of: Value<Row> | undefined, down: boolean): Row[] {
  if (of === undefined) return all
  const order = new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' })
  return [...all].sort((one, other) => {
    const [a, b] = [of(one) ?? '', of(other) ?? '']
    if (a === '' || b === '') return Number(a === '') - Number(b === '')
    const found = typeof a === 'number' && typeof b === 'number' ? a - b : order.compare(String(a), String(b))
    return down ? -found : found
  })
}
