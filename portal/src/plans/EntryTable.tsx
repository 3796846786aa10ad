import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { language } from '../i18n/words'
import { colourOf } from './colours'
import { type Plan, planName } from './data'
import looks from './picture.module.css'
import { RowActions } from './RowActions'
import type { Entry } from './week'
import { entryWords } from './when'

interface Props {
  entries: Entry[]
  plans: Plan[]
  /** The entry that counts now. */
  running: string | null
  chosen: string | null
  fixed: boolean
  onChoose: (key: string) => void
  onRemove: (key: string) => void
}

/** The entries of the week as a table, in the order of their making. */
export function EntryTable({ entries, plans, running, chosen, fixed, onChoose, onRemove }: Props) {
  const { t } = useTranslation()
  if (entries.length === 0) return <Text c="dimmed">{t('plans.week.none')}</Text>
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('plans.plan')}</Table.Th>
            <Table.Th>{t('plans.when')}</Table.Th>
            {!fixed && <Table.Th aria-label={t('plans.actions')} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => {
            const words = entryWords(entry, language(), { nextDay: t('plans.week.nextDay'), wholeWeek: t('plans.week.whole') })
            return (
              <Table.Tr key={entry.key} bg={entry.key === chosen ? 'var(--mantine-color-default-hover)' : undefined}>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    <span className={`${looks.swatch} ${colourOf(plans, entry.plan)}`} aria-hidden />
                    {planName(plans, entry.plan)}
                  </Group>
                </Table.Td>
                <Table.Td>
                  {words}
                  {entry.key === running && (
                    <Text span size="sm" fw={600} c="light-dark(#1f6b2e, var(--mantine-color-green-4))">
                      {' '}
                      · {t('plans.week.running')}
                    </Text>
                  )}
                </Table.Td>
                {!fixed && (
                  <Table.Td>
                    <RowActions what={words} onEdit={() => onChoose(entry.key)} onRemove={() => onRemove(entry.key)} />
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
