// Plain values that stand for something, by `x-centrale`. What is not listed is shown as what it is: a text, a number.
import { NumberInput, PasswordInput, Select, Skeleton, Textarea, TextInput, type TextInputProps } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { everyItem } from '../api/pages'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { part } from '../parts/part'
import { ClockInput } from '../week/ClockInput'
import { DestinationField, DestinationsField } from './DestinationField'
import { numberChoices } from './numbers'
import { CountryField, ZoneField } from './places'
import type { FieldProps } from './SchemaForm'
import { SoundField } from './SoundField'
import { useFormWorld } from './world'

/** The week's picture is only for those few forms that have one. */
const WeekField = part(() => import('./WeekField'), 'WeekField')

type Special = ComponentType<FieldProps & { optional: boolean }>

function useShared({ schema, pointer, label, required }: FieldProps) {
  const { problems } = useFormWorld()
  return { label, description: schema.description, error: problems[pointer], required }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Another extension, or, where that is allowed, a number outside. */
const Destination: Special = (props) => {
  const { account } = useFormWorld()
  return (
    <DestinationField
      {...useShared(props)}
      account={account}
      kinds={props.schema.kind?.split('|')}
      outside={props.schema.outside === 'yes'}
      clearable={props.optional}
      value={text(props.value) || null}
      onChange={props.onChange}
    />
  )
}

const Destinations: Special = (props) => {
  const { account } = useFormWorld()
  return <DestinationsField {...useShared(props)} account={account} value={text(props.value) || null} onChange={props.onChange} />
}

/** A text of a certain kind: the browser offers the right keys and what it knows. */
function typedAs(looks: Pick<TextInputProps, 'type' | 'inputMode' | 'autoComplete' | 'w' | 'maw' | 'placeholder'>): Special {
  return function Typed(props) {
    return (
      <TextInput
        {...useShared(props)}
        {...looks}
        maxLength={props.schema.maxLength}
        value={text(props.value)}
        onChange={({ currentTarget: { value } }) => props.onChange(value === '' && props.optional ? null : value)}
      />
    )
  }
}

/** Nobody looks over somebody's shoulder at what opens a door. */
const Secret: Special = (props) => (
  <PasswordInput
    {...useShared(props)}
    autoComplete="off"
    value={text(props.value)}
    onChange={(event) => props.onChange(event.currentTarget.value)}
    maw={320}
  />
)

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

/** In which callers can be spoken to; the portal speaks fewer. */
const SPOKEN = ['nl', 'en', 'de', 'es', 'lv']

const Language: Special = (props) => (
  <Select
    {...useShared(props)}
    data={(props.schema.only?.split('|') ?? SPOKEN).map((code) => ({
      value: code,
      label: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code,
    }))}
    value={text(props.value) || null}
    onChange={props.onChange}
    clearable={props.optional}
    allowDeselect={props.optional}
    w={220}
  />
)

const OwnNumber: Special = (props) => {
  const { account } = useFormWorld()
  const stored = text(props.value)
  const numbers = useQuery({
    queryKey: ['numbers', account],
    enabled: isAtLeast(usePerson(), 'account'), // others only read what is chosen
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
      {...numberChoices([...(stored ? [stored] : []), ...(numbers.data ?? []).map((it) => it.e164)])}
      value={stored || null}
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

const Clock: Special = (props) => <ClockInput {...useShared(props)} value={text(props.value)} onChange={props.onChange} w={150} />

const Zone: Special = ({ value, ...props }) => {
  const { account } = useFormWorld()
  const shared = useShared({ ...props, value })
  return (
    <ZoneField {...shared} account={account} optional={props.optional} value={text(value) || null} onChange={props.onChange} />
  )
}

const Country: Special = ({ value, ...props }) => (
  <CountryField
    {...useShared({ ...props, value })}
    optional={props.optional}
    value={text(value) || null}
    onChange={props.onChange}
  />
)

/** A text of several lines. */
const Paragraph: Special = (props) => (
  <Textarea
    {...useShared(props)}
    autosize
    minRows={2}
    maxLength={props.schema.maxLength}
    value={text(props.value)}
    onChange={({ currentTarget: { value } }) => props.onChange(value === '' && props.optional ? null : value)}
  />
)

const Week: Special = (props) => (
  <Suspense fallback={<Skeleton h={400} />}>
    <WeekField {...props} />
  </Suspense>
)

export const SEMANTIC: Record<string, Special> = {
  destination: Destination,
  destinations: Destinations,
  extension: Destination,
  'outside-number': typedAs({ type: 'tel', maw: 320, placeholder: '+31…' }),
  'telephone-number': typedAs({ type: 'tel', maw: 320, placeholder: '+31…' }),
  email: typedAs({ type: 'email', autoComplete: 'off', maw: 480 }),
  'mail-address': typedAs({ type: 'email', autoComplete: 'off', maw: 480 }),
  'web-address': typedAs({ type: 'url', autoComplete: 'off', maw: 480, placeholder: 'https://' }),
  'area-code': typedAs({ inputMode: 'numeric', w: 140, placeholder: '0…' }),
  keys: typedAs({ inputMode: 'tel', w: 140, placeholder: '1' }),
  channel: typedAs({ autoComplete: 'off', maw: 320 }),
  'wall-time': Clock,
  prefix: typedAs({ maw: 320 }),
  secret: Secret,
  seconds: Seconds,
  language: Language,
  'own-number': OwnNumber,
  sound: Sound,
  week: Week,
  timezone: Zone,
  country: Country,
  paragraph: Paragraph,
}
