import { ActionIcon, Button, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { DestinationField } from '../schema-form/DestinationField'
import { useNumbers, useSchemas } from './data'
import { numberChoices } from '../schema-form/numbers'

type PlanEntry = Schemas['PlanEntryIn']

interface Props {
  account: number
  schema: number
  entries: PlanEntry[]
  /** What the exchange found wrong, by JSON pointer. */
  problems: Record<string, string>
  fixed: boolean
  onChange: (entries: PlanEntry[]) => void
}

/** Lines of number, destination and prefix. A number is offered once, and only where no other schema has it (NP-2). */
export function PlanEntries({ account, schema, entries, problems, fixed, onChange }: Props) {
  const { t } = useTranslation()
  const numbers = useNumbers(account).data ?? []
  const elsewhere = new Set(
    (useSchemas(account).data ?? [])
      .filter((it) => it.number !== schema)
      .flatMap((it) => it.plans.flatMap((plan) => (plan.entries ?? []).map((entry) => entry.e164))),
  )
  const usable = numbers.filter((it) => it.use === 'business' && it.status === 'active').map((it) => it.e164)
  const free = usable.filter((e164) => !elsewhere.has(e164) && !entries.some((entry) => entry.e164 === e164))
  const put = (index: number, part: Partial<PlanEntry>) =>
    onChange(entries.map((entry, at) => (at === index ? { ...entry, ...part } : entry)))

  return (
    <Stack gap="xs">
      {problems['/entries'] && (
        <Text c="red" size="sm" role="alert">
          {problems['/entries']}
        </Text>
      )}
      {entries.length === 0 && <Text c="dimmed">{t('plans.entries.none')}</Text>}
      {entries.map((entry, index) => (
        <Paper key={index} withBorder p="xs" component="fieldset" aria-label={entry.e164 || t('plans.entries.new')} m={0}>
          <Group align="flex-start" gap="sm">
            <Select
              label={t('plans.entries.number')}
              {...numberChoices(entry.e164 ? [entry.e164, ...free] : free)}
              searchable
              allowDeselect={false}
              nothingFoundMessage={t('plans.entries.noFree')}
              disabled={fixed}
              value={entry.e164 || null}
              error={problems[`/entries/${index}/e164`]}
              onChange={(e164) => e164 && put(index, { e164 })}
              w={190}
            />
            <div style={{ flex: '1 1 220px' }}>
              {fixed ? (
                <TextInput label={t('plans.entries.destination')} disabled value={entry.destination} />
              ) : (
                <DestinationField
                  label={t('plans.entries.destination')}
                  account={account}
                  value={entry.destination || null}
                  error={problems[`/entries/${index}/destination`]}
                  onChange={(destination) => put(index, { destination: destination ?? '' })}
                />
              )}
            </div>
            <TextInput
              label={t('plans.entries.prefix')}
              maxLength={20}
              disabled={fixed}
              value={entry.prefix ?? ''}
              error={problems[`/entries/${index}/prefix`]}
              onChange={(event) => put(index, { prefix: event.currentTarget.value })}
              w={150}
            />
            {!fixed && (
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                mt={24}
                aria-label={`${t('actions.remove')}: ${entry.e164 || t('plans.entries.new')}`}
                onClick={() => onChange(entries.filter((_, at) => at !== index))}
              >
                <IconTrash size={18} />
              </ActionIcon>
            )}
          </Group>
        </Paper>
      ))}
      {!fixed && (
        <Group>
          <Button
            variant="light"
            disabled={free.length === 0}
            onClick={() => onChange([...entries, { e164: free[0] ?? '', destination: '', prefix: '' }])}
          >
            {t('plans.entries.new')}
          </Button>
          {free.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('plans.entries.noFree')}
            </Text>
          )}
        </Group>
      )}
    </Stack>
  )
}
