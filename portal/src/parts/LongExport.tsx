import { Button } from '@mantine/core'
import { IconDownload, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { number } from '../i18n/format'
import '../i18n/parts/lists'
import { type Cell, csvLines, csvOf, saveFile } from './csv'
import { tell } from './problems'

interface Props<Row> {
  /** Of the file, without its end. */
  name: string
  /** The titles of the columns. */
  head: string[]
  /** A page of the list as it is filtered and sorted now, as long as may be, from behind `after`. */
  page: (after: string | undefined) => Promise<{ items: Row[]; next?: string | null }>
  row: (it: Row) => Cell[]
}

/** Saves all of a list that is shown page by page, and says how far it is; pressed again it stops. */
export function LongExport<Row>({ name, head, page, row }: Props<Row>) {
  const { t } = useTranslation()
  const [lines, setLines] = useState<number | null>(null)
  const running = useRef(0)
  useEffect(() => () => void (running.current += 1), []) // nobody waits for it on another page

  async function save() {
    const mine = ++running.current
    const parts = [csvOf([head])]
    let [count, after]: [number, string | undefined] = [0, undefined]
    setLines(0)
    try {
      do {
        const found = await page(after)
        if (running.current !== mine) return
        parts.push(csvLines(found.items.map(row)))
        count += found.items.length
        after = found.next ?? undefined
        setLines(count)
      } while (after !== undefined)
      saveFile(`${name}.csv`, parts)
    } catch (problem) {
      if (running.current === mine) tell(problem as Error, t)
    }
    if (running.current === mine) setLines(null)
  }

  function stop() {
    running.current += 1
    setLines(null)
  }

  return lines === null ? (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
      {t('lists.export')}
    </Button>
  ) : (
    <Button variant="default" leftSection={<IconX size={16} aria-hidden />} onClick={stop}>
      <span role="status">{t('lists.exporting', { count: lines, lines: number(lines) })}</span>
    </Button>
  )
}
