import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AgeSelect } from '../parts/OrderSelect'
import { type Filters, FILTERS, OUTCOMES } from './records'

/** What one looks for; it counts while one types. */
export function RecordFilters({ value, onChange }: { value: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const tell = useDebouncedCallback(onChange, 350)
  const put = (name: keyof Filters, text: string) => {
    const changed = { ...typed, [name]: text }
    setTyped(changed)
    tell(changed)
  }
  const set = FILTERS.some((name) => typed[name])
  return (
    <search>
      <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }} spacing="sm">
        {(['from', 'until'] as const).map((name) => (
          <TextInput
            key={name}
            type="date"
            label={t(`records.${name}`)}
            value={typed[name] ?? ''}
            onChange={(event) => put(name, event.currentTarget.value)}
          />
        ))}
        {(['caller', 'called', 'extension'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`records.${name}`)}
            placeholder={name === 'extension' ? undefined : t('records.numberHint')}
            inputMode="tel"
            value={typed[name] ?? ''}
            onChange={(event) => put(name, event.currentTarget.value)}
          />
        ))}
        <Select
          label={t('records.outcome')}
          placeholder={t('records.anyOutcome')}
          clearable
          data={OUTCOMES.map((outcome) => ({ value: outcome, label: t(`records.outcomes.${outcome}`) }))}
          value={typed.outcome ?? null}
          onChange={(outcome) => put('outcome', outcome ?? '')}
        />
      </SimpleGrid>
      <Group mt="sm" align="flex-end">
        <AgeSelect oldest={typed.sort === 'started'} onChange={(oldest) => put('sort', oldest ? 'started' : '')} />
        {set && (
          <Button
            variant="subtle"
            onClick={() => {
              const order = { sort: typed.sort ?? '' }
              setTyped(order)
              onChange(order)
            }}
          >
            {t('records.clear')}
          </Button>
        )}
      </Group>
    </search>
  )
}
