import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { language } from '../i18n/words'
import { confirm } from '../parts/confirm'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { useMergedSave } from '../parts/useMergedSave'
import { RUNNING } from '../week/colours'
import { planName, readSchema, type TabProps, useRefresh } from './data'
import { HolidayForm } from './HolidayForm'
import { RowActions } from '../parts/RowActions'
import { asTable, fromTable, type HolidayLine, holidayLines, lineOf, sentHoliday } from './tables'
import { useMinute } from '../week/useMinute'
import { wallAt, wallDate, wallWords } from '../week/when'

/** Exceptions to the week: list, add, change, take away, and all that is over at once (NP-6). */
export function HolidaysTab({ account, schema: { value: schema, etag }, zone, mayChange }: TabProps) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const [open, setOpen] = useState<HolidayLine | null>(null)
  const shown = wallDate(wallAt(useMinute(), zone))
  const lines = holidayLines(schema.holidays)
  const over = lines.filter((line) => wallDate(line.end) <= shown)

  const saving = useMergedSave({
    read: async () => {
      const { value, etag } = await readSchema(account, schema.number)
      return { value: asTable(holidayLines(value.holidays)), etag }
    },
    write: (table, etag, despite_expectations) =>
      got(
        api.PUT('/api/v1/accounts/{account}/schemas/{schema}/holidays', {
          params: {
            path: { account, schema: schema.number },
            query: { despite_expectations },
            header: { 'if-match': etag },
          },
          body: { holidays: fromTable<HolidayLine>(table).map(sentHoliday) },
        }),
      ),
    onSaved: () => {
      setOpen(null)
      refresh()
      tellDone(t('told.saved'))
    },
    name: () => t('plans.holidays.one'),
    shown: (value) => {
      const { description, start, end, plan } = lineOf<HolidayLine>(value)
      return `${description}: ${wallWords(start, language())} – ${wallWords(end, language())}, ${planName(schema.plans, plan)}`
    },
  })
  const removeOver = useChange({
    run: (_: null, despite_expectations) =>
      got(
        api.POST('/api/v1/accounts/{account}/schemas/{schema}/holidays/remove-expired', {
          params: { path: { account, schema: schema.number }, query: { despite_expectations } },
        }),
      ),
    onDone: (removed) => {
      refresh()
      tellDone(t('plans.holidays.removed', { count: removed.length }))
    },
  })
  const save = (changed: HolidayLine[]) => saving.save({ value: asTable(lines), etag }, asTable(changed))

  function start() {
    const today = wallAt(new Date(), zone).slice(0, 10)
    const plan = schema.plans.at(-1)?.number ?? 1
    setOpen({ key: 'new', id: null, description: '', start: `${today} 00:00`, end: nextDay(today), plan, temporary: false })
  }

  return (
    <Stack>
      {mayChange && (
        <Group>
          <Button onClick={start} disabled={schema.plans.length === 0}>
            {t('plans.holidays.new')}
          </Button>
          <Button variant="default" disabled={over.length === 0} loading={removeOver.busy} onClick={() => removeOver.start(null)}>
            {t('plans.holidays.removeOver', { count: over.length })}
          </Button>
        </Group>
      )}
      {lines.length === 0 ? (
        <Text c="dimmed">{t('plans.holidays.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('plans.holidays.description')}</Table.Th>
                <Table.Th>{t('plans.holidays.start')}</Table.Th>
                <Table.Th>{t('plans.holidays.end')}</Table.Th>
                <Table.Th>{t('plans.plan')}</Table.Th>
                {mayChange && <Table.Th aria-label={t('plans.actions')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {[...lines].sort(byStart).map((line) => (
                <Table.Tr key={line.key}>
                  <Table.Td>
                    <Group gap="xs">
                      {line.description}
                      {line.temporary && <Badge variant="default">{t('plans.holidays.temporary')}</Badge>}
                      {wallDate(line.end) <= shown ? (
                        <Badge variant="default">{t('plans.holidays.over')}</Badge>
                      ) : (
                        wallDate(line.start) <= shown && <Badge color={RUNNING}>{t('plans.now')}</Badge>
                      )}
                    </Group>
                  </Table.Td>
                  <Table.Td>{wallWords(line.start, language())}</Table.Td>
                  <Table.Td>{wallWords(line.end, language())}</Table.Td>
                  <Table.Td>{planName(schema.plans, line.plan)}</Table.Td>
                  {mayChange && (
                    <Table.Td>
                      <RowActions
                        what={line.description}
                        onEdit={() => setOpen(line)}
                        onRemove={() =>
                          confirm(t, {
                            title: t('told.deleteWhat', { what: line.description }),
                            text: t('plans.holidays.deleteSure'),
                            does: t('actions.delete'),
                            onYes: () => save(lines.filter((it) => it.key !== line.key)),
                          })
                        }
                      />
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {open && (
        <HolidayForm
          line={open}
          plans={schema.plans}
          busy={saving.busy}
          problems={saving.fields}
          onClose={() => setOpen(null)}
          onSave={(line) => save(open.id === null ? [...lines, line] : lines.map((it) => (it.key === line.key ? line : it)))}
        />
      )}
      {saving.dialog}
      {removeOver.dialog}
    </Stack>
  )
}

function byStart(one: HolidayLine, other: HolidayLine): number {
  return wallDate(one.start).getTime() - wallDate(other.start).getTime()
}

function nextDay(date: string): string {
  return `${new Date(wallDate(date).getTime() + 86_400_000).toISOString().slice(0, 10)} 00:00`
}
