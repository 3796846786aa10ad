import { Fieldset, Stack, Switch } from '@mantine/core'
import type { FieldProps } from './SchemaForm'
import { SchemaForm } from './SchemaForm'
import { fresh } from './schema'
import { useFormWorld } from './world'

/** A part that may be there or not, such as the introduction of a queue. */
export function OptionalPart({ schema, value, onChange, pointer, label }: FieldProps) {
  const { defs, problems } = useFormWorld()
  const there = value !== null
  return (
    <Fieldset legend={label}>
      <Stack gap="sm">
        <Switch
          label={label}
          description={schema.description}
          error={problems[pointer]}
          checked={there}
          onChange={(event) => onChange(event.currentTarget.checked ? fresh({ ...schema, default: undefined }, defs) : null)}
        />
        {there && <SchemaForm schema={schema} value={value} onChange={onChange} pointer={pointer} />}
      </Stack>
    </Fieldset>
  )
}
