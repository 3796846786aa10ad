// A table as a file for spreadsheets, which open it by a double click (docs/decisions/0015-portal.md says how they read it).
import { language } from '../i18n/words'

export type Cell = string | number | null | undefined

/** By which spreadsheets know that a file is UTF-8. */
export const MARK = '\ufeff'

/** Dutch spreadsheets have the comma in numbers, and take a semicolon between cells; English ones the other way round. */
const SIGNS = { nl: { between: ';', point: ',' }, en: { between: ',', point: '.' } }

/** RFC 4180 with the signs of the reader's language, and the mark. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return MARK + csvLines(rows)
}

/** Lines of a file that has begun. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  const { between } = SIGNS[language()]
  return rows.map((row) => `${row.map(cell).join(between)}\r\n`).join('')
}

function cell(value: Cell): string {
  const { between, point } = SIGNS[language()]
  const text = typeof value === 'number' ? String(value).replace('.', point) : (value ?? '')
  // Spreadsheets run what begins like a formula, and callers choose their own names.
  const harmless = typeof value === 'string' && /^([=@\t\r-]|\+(?![0-9]+$))/.test(text) ? `'${text}` : text
  return /["\r\n]/.test(harmless) || harmless.includes(between) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Has the browser save `parts`, one behind the other. */
export function saveFile(name: string, parts: string | string[], type = 'text/csv;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([parts].flat(), { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
