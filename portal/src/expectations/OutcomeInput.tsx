import { Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useExtensions } from '../extensions/extensions'
import { DestinationField } from '../schema-form/DestinationField'
import { type ExpectationIn, type OutcomeKind, outcomeOf, OUTCOMES, outcomeWith, TOLD } from './expectations'

interface Props {
  account: number
  outcome: ExpectationIn['outcome']
  /** What the exchange found wrong with it, by the field. */
  problems: Record<string, string>
  onChange: (outcome: ExpectationIn['outcome']) => void
}

/** What a call must come to: the kind first, then what it needs. */
export function OutcomeInput({ account, outcome, problems, onChange }: Props) {
  const { t } = useTranslation()
  const extensions = useExtensions(account).data ?? []
  const { kind, value } = outcomeOf(outcome)
  const words = typeof value === 'string' ? value : ''
  const shared = {
    label: t(`expectations.values.${kind}`),
    required: true,
    error: problems[`/outcome/${kind}`] ?? problems['/outcome'],
  }
  const set = (changed: string | string[]) => onChange(outcomeWith(kind, changed))

  function field() {
    switch (kind) {
      case 'reaches':
      case 'leaves_message_in':
        return (
          <DestinationField {...shared} account={account} fixed value={words || null} onChange={(number) => set(number ?? '')} />
        )
      case 'rings':
        return (
          <TagsInput
            {...shared}
            description={t('expectations.ringsAbout')}
            data={extensions.map((it) => it.number)}
            value={Array.isArray(value) ? value : []}
            onChange={set}
          />
        )
      case 'is_told':
        return (
          <Select
            {...shared}
            data={TOLD.map((told) => ({ value: told, label: t(`expectations.told.${told}`) }))}
            value={words || null}
            allowDeselect={false}
            onChange={(told) => told && set(told)}
          />
        )
      default:
        return <TextInput {...shared} value={words} onChange={(event) => set(event.currentTarget.value)} />
    }
  }

  return (
    <Stack gap="xs">
      <Select
        label={t('expectations.then')}
        data={OUTCOMES.map((it) => ({ value: it, label: t(`expectations.outcomes.${it}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(chosen) => {
          const next = chosen as OutcomeKind
          onChange(outcomeWith(next, next === 'rings' ? [] : next === 'is_told' ? 'busy' : ''))
        }}
      />
      {field()}
    </Stack>
  )
}
