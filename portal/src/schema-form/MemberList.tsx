import { ActionIcon, Button, Fieldset, Group, Paper, Stack, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useExtensions } from '../extensions/extensions'
import { ExtensionSelect } from './ExtensionSelect'
import type { FieldProps } from './SchemaForm'
import type { Json, Schema } from './schema'
import { useFormWorld } from './world'

/** Extensions in an order: people of a group. */
export function MemberList({ value, onChange, pointer, label, item }: FieldProps & { item: Schema }) {
  const { t } = useTranslation()
  const { account, problems } = useFormWorld()
  const extensions = useExtensions(account).data ?? []
  const members = (Array.isArray(value) ? value : []).filter((it): it is string => typeof it === 'string')
  const kinds = item.kind?.split('|')
  const others = extensions.filter((it) => (kinds === undefined || kinds.includes(it.kind)) && !members.includes(it.number))
  const nameOf = (number: string) => extensions.find((it) => it.number === number)?.name ?? ''

  function move(index: number, by: number) {
    const moved: Json[] = [...members]
    const [one] = moved.splice(index, 1)
    moved.splice(index + by, 0, one ?? null)
    onChange(moved)
  }

  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        {problems[pointer] && (
          <Text size="sm" c="red" role="alert">
            {problems[pointer]}
          </Text>
        )}
        {members.map((number, index) => (
          <Paper key={number} withBorder px="sm" py={4}>
            <Group justify="space-between" wrap="nowrap">
              <Text>
                {number} {nameOf(number)}
              </Text>
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  aria-label={`${t('actions.up')}: ${number}`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={`${t('actions.down')}: ${number}`}
                  disabled={index === members.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`${t('actions.remove')}: ${number}`}
                  onClick={() => onChange(members.filter((it) => it !== number))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            </Group>
          </Paper>
        ))}
        <ExtensionSelect
          label={t('form.addRow')}
          choices={others}
          value={null}
          onChange={(number) => number !== null && onChange([...members, number])}
        />
        <Group>
          <Button variant="light" size="xs" onClick={() => onChange([...members, ...others.map((it) => it.number)])}>
            {t('form.addAll')}
          </Button>
          <Button variant="light" size="xs" color="red" onClick={() => onChange([])}>
            {t('form.removeAll')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
