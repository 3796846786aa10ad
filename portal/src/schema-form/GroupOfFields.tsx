import { Fieldset, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FieldProps } from './SchemaForm'
import { useFormWorld } from './world'

/** A field that is made of several: what it is about, and what is wrong with all of it, above them. */
export function GroupOfFields({
  schema,
  pointer,
  label,
  children,
}: Pick<FieldProps, 'schema' | 'pointer' | 'label'> & { children: ReactNode }) {
  const { problems } = useFormWorld()
  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        {schema.description && (
          <Text size="sm" c="dimmed">
            {schema.description}
          </Text>
        )}
        {problems[pointer] && (
          <Text size="sm" c="red" role="alert">
            {problems[pointer]}
          </Text>
        )}
        {children}
      </Stack>
    </Fieldset>
  )
}
