import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { RowActions } from '../parts/RowActions'
import looks from './picture.module.css'
import type { Shown } from './WeekPicture'
import { type Line, piecesOf } from './week'
import { timesWords } from './when'

interface Props<L extends Line> {
  lines: readonly L[]
  /** What the lines give, such as plans. */
  what: string
  shown: (line: L) => Shown
  /** The line that counts now. */
  running: string | null
  chosen: string | null
  fixed: boolean
  /** What is wrong with a line. */
  problemOf: (line: L) => string | undefined
  onChoose: (key: string) => void
  onRemove: (key: string) => void
}

/** The lines of the week to read, in the order of their making. */
export function LineTable<L extends Line>(props: Props<L>) {
  const { lines, what, shown, running, chosen, fixed, problemOf, onChoose, onRemove } = props
  const { t } = useTranslation()
  if (lines.length === 0) return <Text c="dimmed">{t('week.none')}</Text>
  const counting = new Set(piecesOf(lines).map((piece) => piece.line?.key))
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{what}</Table.Th>
            <Table.Th>{t('week.when')}</Table.Th>
            {!fixed && <Table.Th aria-label={t('week.actions')} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => {
            const when = timesWords(line, language(), t)
            const { name, look } = shown(line)
            return (
              <Table.Tr key={line.key} bg={line.key === chosen ? 'var(--mantine-color-default-hover)' : undefined}>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    <span className={`${looks.swatch} ${look}`} aria-hidden />
                    {name}
                  </Group>
                </Table.Td>
                <Table.Td>
                  {when}
                  {line.key === running && (
                    <Text span size="sm" fw={600} c="light-dark(#1f6b2e, var(--mantine-color-green-4))">
                      {' '}
                      · {t('week.running')}
                    </Text>
                  )}
                  {!counting.has(line.key) && line.days?.length !== 0 && (
                    <Text span size="sm" c="dimmed">
                      {' '}
                      · {t('week.never')}
                    </Text>
                  )}
                  {problemOf(line) && (
                    <Text size="sm" c="red" role="alert">
                      {problemOf(line)}
                    </Text>
                  )}
                </Table.Td>
                {!fixed && (
                  <Table.Td>
                    <RowActions what={when} onEdit={() => onChoose(line.key)} onRemove={() => onRemove(line.key)} />
                  </Table.Td>
                )}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
