import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { nameOf } from '../audit/names'
import { useFormOf } from '../audit/useFormOf'
import { useExtensions } from '../extensions/extensions'
import { telephone } from '../i18n/format'
import '../i18n/parts/things'
import { called, pathOf } from './called'
import { placeOf } from './places'
import { useNames } from './useNames'

/** Where something is used, each with the way there. */
export function Uses({ account, uses }: { account: number; uses: Schemas['Use'][] }) {
  const { t } = useTranslation()
  const names = useNames(account)
  if (uses.length === 0) return <Text c="dimmed">{t('things.unused')}</Text>
  return (
    <List>
      {uses.map((use) => {
        const to = placeOf(account, use.object_type, use.key)
        const type = t(`types.${use.object_type}`, { defaultValue: use.object_type })
        const name = `${type} ${called(use.object_type, use.key, null, names)}`
        return (
          <List.Item key={`${use.object_type} ${use.key} ${use.field}`}>
            {to === null ? name : <Link to={to}>{name}</Link>}{' '}
            <Text span c="dimmed" size="sm">
              (<FieldName account={account} use={use} />)
            </Text>
          </List.Item>
        )
      })}
    </List>
  )
}

/** Which field of it: as in its form. */
function FieldName({ account, use }: { account: number; use: Schemas['Use'] }) {
  const extension = useExtensions(account).data?.find((it) => it.number === use.key)
  const isExtension = use.object_type === 'extension'
  const form = useFormOf(use.object_type, isExtension && extension ? { kind: extension.kind } : null)
  const [first, ...rest] = pathOf(use.field)
  // In a plan it is the number that leads there.
  return use.object_type === 'plan' && first === 'entries' ? telephone(rest.join('.')) : nameOf(form, pathOf(use.field))
}
