// One field of a form about things that are no extensions: what `schema-form` draws, and what only these need.
import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/things'
import { Field, type FieldProps } from '../schema-form/SchemaForm'
import { resolve, type Schema } from '../schema-form/schema'
import { useFormWorld } from '../schema-form/world'

interface Props extends FieldProps {
  readOnly: boolean
}

type Worded = Schema & { 'x-words'?: Record<string, string>; 'x-not-yet'?: string[]; format?: string }

export function ThingField({ readOnly, ...props }: Props) {
  const { t } = useTranslation()
  const { defs, problems } = useFormWorld()
  const schema = resolve(props.schema, defs).schema as Worded
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
  return <Field {...props} />
}
