import { Button, Group, ScrollArea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useExtensions } from '../extensions/extensions'
import { moved } from '../parts/moved'
import { Sortable } from '../parts/Sortable'
import { DestinationField } from './DestinationField'
import { Member } from './Member'
import type { FieldProps } from './SchemaForm'
import type { Schema } from './schema'
import { GroupOfFields } from './GroupOfFields'
import { useFormWorld } from './world'

/** Extensions in an order, such as the people of a group: dragged, or moved step by step. */
export function MemberList({ schema, value, onChange, pointer, label, item }: FieldProps & { item: Schema }) {
  const { t } = useTranslation()
  const { account, problems } = useFormWorld()
  const extensions = useExtensions(account).data ?? []
  const members = (Array.isArray(value) ? value : []).filter((it): it is string => typeof it === 'string')
  const kinds = item.kind?.split('|')
  const others = extensions.filter((it) => (kinds === undefined || kinds.includes(it.kind)) && !members.includes(it.number))
  const names = new Map(extensions.map((it) => [it.number, it.name]))

  return (
    <GroupOfFields schema={schema} pointer={pointer} label={label}>
      <ScrollArea.Autosize mah={480} type="auto">
        <Sortable
          ids={members}
          nameOf={(number) => `${number} ${names.get(number) ?? ''}`.trim()}
          onMove={(from, to) => onChange(moved(members, from, to))}
        >
          {members.map((number, index) => (
            <Member
              key={number}
              number={number}
              name={names.get(number) ?? ''}
              index={index}
              count={members.length}
              problem={problems[`${pointer}/${index}`]}
              onMove={(to) => onChange(moved(members, index, to))}
              onRemove={() => onChange(members.filter((it) => it !== number))}
            />
          ))}
        </Sortable>
      </ScrollArea.Autosize>
      <DestinationField
        account={account}
        label={t('form.addRow')}
        kinds={kinds}
        without={members}
        value={null}
        onChange={(number) => number !== null && onChange([...members, number])}
      />
      <Group>
        <Button
          variant="light"
          size="xs"
          disabled={others.length === 0}
          onClick={() => onChange([...members, ...others.map((it) => it.number)])}
        >
          {t('form.addAll')}
        </Button>
        <Button variant="light" size="xs" color="red" disabled={members.length === 0} onClick={() => onChange([])}>
          {t('form.removeAll')}
        </Button>
      </Group>
    </GroupOfFields>
  )
}
