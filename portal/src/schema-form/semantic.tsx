// Plain values that stand for something, by `x-centrale`. What is not listed is shown as what it is: a text, a number.
import { NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { useExtensions } from '../extensions/extensions'
import { ExtensionSelect } from './ExtensionSelect'
import type { FieldProps } from './SchemaForm'
import { SoundField } from './SoundField'
import { useFormWorld } from './world'

type Special = ComponentType<FieldProps & { optional: boolean }>

function useShared({ schema, pointer, label, required }: FieldProps) {
  const { problems } = useFormWorld()
  return { label, description: schema.description, error: problems[pointer], required }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Another extension; for a destination that may lie outside, a number may be typed too. */
const Destination: Special = (props) => {
  const { account } = useFormWorld()
  const { t } = useTranslation()
  const shared = useShared(props)
  const extensions = useExtensions(account).data ?? []
  const kinds = props.schema.kind?.split('|')
  const choices = kinds === undefined ? extensions : extensions.filter((it) => kinds.includes(it.kind))
  const value = text(props.value)
  if (props.schema.outside === 'yes') {
    return (
      <TextInput
        {...shared}
        value={value}
        maw={480}
        placeholder={t('form.searchDestination')}
        description={[shared.description, extensions.find((it) => it.number === value)?.name].filter(Boolean).join(' — ')}
        onChange={(event) =>
          props.onChange(event.currentTarget.value === '' && props.optional ? null : event.currentTarget.value)
        }
      />
    )
  }
  return (
    <ExtensionSelect {...shared} choices={choices} clearable={props.optional} value={value || null} onChange={props.onChange} />
  )
}

const Seconds: Special = (props) => {
  const { t } = useTranslation()
  return (
    <NumberInput
      {...useShared(props)}
      value={typeof props.value === 'number' ? props.value : ''}
      onChange={(number) => props.onChange(number === '' ? null : Number(number))}
      allowDecimal={false}
      min={props.schema.minimum}
      max={props.schema.maximum}
      suffix={` ${t('form.seconds')}`}
      w={220}
    />
  )
}

const SPOKEN = ['nl', 'en', 'de', 'es', 'lv']

const Language: Special = (props) => (
  <Select
    {...useShared(props)}
    data={SPOKEN.map((code) => ({ value: code, label: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code }))}
    value={text(props.value) || null}
    onChange={props.onChange}
    clearable={props.optional}
    allowDeselect={props.optional}
    w={220}
  />
)

const OwnNumber: Special = (props) => {
  const { account } = useFormWorld()
  const numbers = useQuery({
    queryKey: ['numbers', account],
    queryFn: () =>
      everyItem((after) =>
        got(
          api.GET('/api/v1/accounts/{account}/numbers', {
            params: { path: { account }, query: { limit: 500, ...(after ? { after } : {}) } },
          }),
        ),
      ),
  })
  return (
    <Select
      {...useShared(props)}
      searchable
      data={(numbers.data ?? []).map((it) => it.e164)}
      value={text(props.value) || null}
      onChange={props.onChange}
      clearable={props.optional}
      allowDeselect={props.optional}
      maw={320}
    />
  )
}

const Sound: Special = (props) => {
  const { account } = useFormWorld()
  return (
    <SoundField
      {...useShared(props)}
      account={account}
      optional={props.optional}
      value={text(props.value) || null}
      onChange={props.onChange}
    />
  )
}

export const SEMANTIC: Record<string, Special> = {
  destination: Destination,
  extension: Destination,
  seconds: Seconds,
  language: Language,
  'own-number': OwnNumber,
  sound: Sound,
}
