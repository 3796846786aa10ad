import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import '../i18n/parts/things'
import { placeOf } from './places'

/** Where something is used, each with the way there. */
export function Uses({ account, uses }: { account: number; uses: Schemas['Use'][] }) {
  const { t } = useTranslation()
  if (uses.length === 0) return <Text c="dimmed">{t('things.unused')}</Text>
  return (
    <List>
      {uses.map((use) => {
        const to = placeOf(account, use.object_type, use.key)
        const name = `${t(`types.${use.object_type}`, { defaultValue: use.object_type })} ${use.key}`
        return (
          <List.Item key={`${use.object_type} ${use.key} ${use.field}`}>
            {to === null ? name : <Link to={to}>{name}</Link>}{' '}
            <Text span c="dimmed" size="sm">
              ({use.field})
            </Text>
          </List.Item>
        )
      })}
    </List>
  )
}
