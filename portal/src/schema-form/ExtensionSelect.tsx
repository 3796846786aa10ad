import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Extension } from '../extensions/extensions'
import { useKindTitle } from '../extensions/kinds'

interface Props {
  label: string
  description?: string
  error?: string
  required?: boolean
  clearable?: boolean
  choices: Extension[]
  value: string | null
  onChange: (number: string | null) => void
}

/** An extension, found by number or name, grouped by kind. */
export function ExtensionSelect({ choices, value, onChange, clearable = false, ...rest }: Props) {
  const { t } = useTranslation()
  const titleOf = useKindTitle()
  const kinds = [...new Set(choices.map((it) => it.kind))]
  return (
    <Select
      {...rest}
      searchable
      clearable={clearable}
      allowDeselect={clearable}
      limit={100}
      maw={480}
      placeholder={t('form.searchDestination')}
      nothingFoundMessage={t('app.nothingFound')}
      data={kinds.map((kind) => ({
        group: titleOf(kind),
        items: choices.filter((it) => it.kind === kind).map((it) => ({ value: it.number, label: `${it.number} ${it.name}` })),
      }))}
      value={value}
      onChange={onChange}
    />
  )
}
