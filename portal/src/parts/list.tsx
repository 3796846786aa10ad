// What every list has: sorting by the heads of its columns, and an export of what is shown.
import { Button, Group, Table, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconDownload } from '@tabler/icons-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/lists'
import { csvOf, saveFile } from './csv'
import { sorted, type Value } from './sorted'

export interface Column<Row> {
  title: string
  /** By what it is sorted and what stands in the export; left out: neither. */
  of?: Value<Row>
  width?: number
  right?: boolean
  /** Its head may take several lines. */
  wraps?: boolean
}

export interface List<Row> {
  rows: Row[]
  columns: Column<Row>[]
  by: number | null
  down: boolean
  sort: (column: number) => void
}

/** `all` in the order that its reader chose: as they came until a head is pressed, then up, down, and as they came. */
export function useList<Row>(all: Row[], columns: Column<Row>[]): List<Row> {
  const [{ by, down }, setOrder] = useState<{ by: number | null; down: boolean }>({ by: null, down: false })
  const rows = useMemo(() => sorted(all, by === null ? undefined : columns[by]?.of, down), [all, columns, by, down])
  const sort = (column: number) =>
    setOrder(by !== column ? { by: column, down: false } : down ? { by: null, down: false } : { by, down: true })
  return { rows, columns, by, down, sort }
}

/** The heads of the columns; `more`: of columns without one, such as buttons. */
export function ListHead<Row>({ list, more }: { list: List<Row>; more?: ReactNode }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {list.columns.map((column, index) => {
          const by = list.by === index
          const Icon = !by ? IconArrowsSort : list.down ? IconArrowDown : IconArrowUp
          return (
            <Table.Th
              key={column.title}
              w={column.width}
              ta={column.right ? 'right' : undefined}
              data-wraps={column.wraps || undefined}
              aria-sort={by ? (list.down ? 'descending' : 'ascending') : undefined}
            >
              {column.of === undefined ? (
                column.title
              ) : (
                <UnstyledButton fw={700} fz="inherit" ta="inherit" onClick={() => list.sort(index)}>
                  <Group gap={4} wrap="nowrap" component="span">
                    {column.title}
                    <Icon size={14} aria-hidden opacity={by ? 1 : 0.4} />
                  </Group>
                </UnstyledButton>
              )}
            </Table.Th>
          )
        })}
        {more}
      </Table.Tr>
    </Table.Thead>
  )
}

/** Saves what the list shows, in its order, as a file for spreadsheets. */
export function ListExport<Row>({ list, name }: { list: Pick<List<Row>, 'rows' | 'columns'>; name: string }) {
  const { t } = useTranslation()
  const columns = list.columns.filter((column) => column.of !== undefined)
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      disabled={list.rows.length === 0}
      onClick={() =>
        saveFile(
          `${name}.csv`,
          csvOf([columns.map((it) => it.title), ...list.rows.map((row) => columns.map((it) => it.of?.(row)))]),
        )
      }
    >
      {t('lists.export')}
    </Button>
  )
}
