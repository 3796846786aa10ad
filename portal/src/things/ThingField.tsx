// One field of a form about things that are no extensions: what `schema-form` draws, and what only these need.
import { Checkbox, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/things'
import { Field, type FieldProps } from '../schema-form/SchemaForm'
import { resolve, type Schema } from '../schema-form/schema'
import { useFormWorld } from '../schema-form/world'
import { countries, timeZones } from './zones'

interface Props extends FieldProps {
  readOnly: boolean
}

type Worded = Schema & { 'x-words'?: Record<string, string>; 'x-not-yet'?: string[]; format?: string }

export function ThingField({ readOnly, ...props }: Props) {
  const { t } = useTranslation()
  const { defs, problems } = useFormWorld()
  const { schema, optional } = resolve(props.schema, defs) as { schema: Worded; optional: boolean }
  const items = schema.items === undefined ? undefined : (resolve(schema.items, defs).schema as Worded)
  const words = schema['x-words']
  const shared = { label: props.label, description: schema.description, error: problems[props.pointer] }
  if (readOnly && typeof props.value !== 'object') {
    const shown = words?.[String(props.value)] ?? String(props.value)
    return <TextInput {...shared} value={shown} readOnly variant="filled" maw={480} />
  }
  if (items?.enum !== undefined) {
    const ticked = Array.isArray(props.value) ? props.value.map(String) : []
    const notYet = new Set(schema['x-not-yet'])
    return (
      <Checkbox.Group {...shared} value={ticked} onChange={props.onChange} readOnly={readOnly}>
        <Stack gap="xs" mt="xs">
          {items.enum.map((choice) => (
            <Checkbox
              key={choice}
              value={choice}
              label={items['x-words']?.[choice] ?? choice}
              description={notYet.has(choice) ? t('things.notYet') : undefined}
              // What was switched on before can be switched off.
              disabled={readOnly || (notYet.has(choice) && !ticked.includes(choice))}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    )
  }
  if (schema.enum !== undefined) {
    const data = schema.enum.map((value) => ({ value, label: words?.[value] ?? value }))
    return <Choose {...props} shared={shared} data={data} optional={optional} />
  }
  if (schema['x-centrale'] === 'timezone') return <Zone {...props} shared={shared} optional={optional} />
  if (schema['x-centrale'] === 'country') return <Land {...props} shared={shared} optional={optional} />
  if (schema.format === 'password') {
    return (
      <PasswordInput
        {...shared}
        autoComplete="off"
        value={typeof props.value === 'string' ? props.value : ''}
        onChange={(event) => props.onChange(event.currentTarget.value || null)}
        maw={480}
      />
    )
  }
  return <Field {...props} />
}

interface Chosen extends FieldProps {
  shared: { label: string; description?: string; error?: string }
  optional: boolean
}

function Choose({ shared, data, optional, value, onChange, required }: Chosen & { data: { value: string; label: string }[] }) {
  return (
    <Select
      {...shared}
      data={data}
      required={required}
      searchable={data.length > 12}
      limit={600}
      value={typeof value === 'string' ? value : null}
      onChange={onChange}
      clearable={optional}
      allowDeselect={optional}
      maw={480}
    />
  )
}

function Zone(props: Chosen) {
  const data = useMemo(() => timeZones(new Date()), [])
  return <Choose {...props} data={data} />
}

function Land(props: Chosen) {
  const data = useMemo(() => countries(), [])
  return <Choose {...props} data={data} />
}
