import { ActionIcon, Button, Group, Paper, Stack } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { moved } from '../parts/moved'
import { MemberList } from './MemberList'
import { Field, type FieldProps, SchemaForm } from './SchemaForm'
import { fresh, type Json, resolve } from './schema'
import { GroupOfFields } from './GroupOfFields'
import { useFormWorld } from './world'

/** Rows of one kind: options of a menu, periods, members. */
export function ListField(props: FieldProps) {
  const { schema, value, onChange, pointer, label } = props
  const { t } = useTranslation()
  const { defs } = useFormWorld()
  const rows: Json[] = Array.isArray(value) ? value : []
  const item = schema.items ?? {}
  const { schema: one } = resolve(item, defs)
  if (one.type === 'string' && one['x-centrale'] === 'extension') return <MemberList {...props} item={one} />

  const put = (index: number, changed: Json) => onChange(rows.map((row, at) => (at === index ? changed : row)))
  const move = (index: number, by: number) => onChange(moved(rows, index, index + by))
  return (
    <GroupOfFields schema={schema} pointer={pointer} label={label}>
      {rows.map((row, index) => (
        <Paper key={index} withBorder p="sm">
          <Group align="flex-start" wrap="nowrap">
            <Stack flex={1} gap="xs">
              {one.type === 'object' ? (
                <SchemaForm
                  schema={one}
                  value={row}
                  onChange={(changed) => put(index, changed)}
                  pointer={`${pointer}/${index}`}
                />
              ) : (
                <Field
                  schema={item}
                  value={row}
                  onChange={(changed) => put(index, changed)}
                  pointer={`${pointer}/${index}`}
                  label={`${label} ${index + 1}`}
                  required
                />
              )}
            </Stack>
            <Stack gap={4}>
              <ActionIcon variant="subtle" aria-label={t('actions.up')} disabled={index === 0} onClick={() => move(index, -1)}>
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                aria-label={t('actions.down')}
                disabled={index === rows.length - 1}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('actions.remove')}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Stack>
          </Group>
        </Paper>
      ))}
      <Button
        variant="light"
        w="fit-content"
        disabled={schema.maxItems !== undefined && rows.length >= schema.maxItems}
        onClick={() => onChange([...rows, fresh(item, defs)])}
      >
        {t('form.addRow')}
      </Button>
    </GroupOfFields>
  )
}
