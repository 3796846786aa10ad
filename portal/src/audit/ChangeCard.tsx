import { Anchor, Button, Card, Group, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got, type Schemas } from '../api/client'
import { dateTime } from '../i18n/format'
import { confirm } from '../parts/confirm'
import { tell, tellDone } from '../parts/problems'
import type { Json, JsonObject } from '../schema-form/schema'
import { called, calledValue } from '../things/called'
import { placeOf } from '../things/places'
import { useNames } from '../things/useNames'
import { actorWords } from './actor'
import { differences, readable } from './diff'
import { at, nameOf, worded } from './names'
import { useFormOf } from './useFormOf'

interface Props {
  account: number | null
  change: Schemas['AuditShown']
}

/** Fields shown at once; of something created or deleted fewer, since all of it is told. */
const FEW = 12
const FEWER = 3

/** One change: who, when, what, and what it was before. */
export function ChangeCard({ account, change }: Props) {
  const { t } = useTranslation()
  const names = useNames(account)
  const isUndo = change.action === 'undo'
  const to = account === null ? null : placeOf(account, change.object_type, change.object_key)
  const holds = { ...(change.before as JsonObject | null), ...(change.after as JsonObject | null) }
  const type = t(`types.${change.object_type}`, { defaultValue: change.object_type })
  const what = `${type} ${called(change.object_type, change.object_key, isUndo ? null : holds, names)}`.trim()
  const fields = isUndo ? [] : differences(change.before as JsonObject | null, change.after as JsonObject | null)
  const few = change.action === 'change' ? FEW : FEWER
  const [all, setAll] = useState(false)
  const form = useFormOf(change.object_type, (change.after ?? change.before) as JsonObject | null)
  const words = { empty: t('told.empty'), yes: t('audit.yes'), no: t('audit.no') }
  const shown = (path: string[], value: Json | undefined) => {
    const field = form === undefined ? undefined : at(form, path)?.schema
    return readable(calledValue(change.object_type, change.object_key, path, field, worded(form, path, value), names), words)
  }
  // What has no form is named here.
  const fieldName = (path: string[]) => t(`audit.fields.${path.join('_')}`, { defaultValue: '' }) || nameOf(form, path)
  const title = t(`audit.did_${change.action.replace(' ', '_')}`, { what, defaultValue: `${what}: ${change.action}` })
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" align="flex-start">
        <div>
          <Text fw={600}>
            {to !== null && change.action !== 'delete' ? (
              <Anchor component={Link} to={to}>
                {title}
              </Anchor>
            ) : (
              title
            )}
          </Text>
          <Text size="sm" c="dimmed">
            {dateTime(change.at)} — {actorWords(change.actor, names, t)}
          </Text>
          {isUndo && (
            <Text size="sm">
              {t('audit.undone', {
                when: dateTime(String(change.after?.at)),
                actor: actorWords(String(change.after?.actor), names, t),
              })}
            </Text>
          )}
        </div>
        {account !== null && change.undoable && <Undo account={account} change={change} title={title} />}
      </Group>
      {fields.length > 0 && (
        <Table mt="xs" verticalSpacing={4} layout="fixed" style={{ overflowWrap: 'anywhere' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.field')}</Table.Th>
              {change.before !== null && <Table.Th>{t('audit.before')}</Table.Th>}
              {change.after !== null && <Table.Th>{t('audit.after')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(all ? fields : fields.slice(0, few)).map((it) => (
              <Table.Tr key={it.path.join('/')}>
                <Table.Td>{fieldName(it.path)}</Table.Td>
                {change.before !== null && <Table.Td>{shown(it.path, it.before)}</Table.Td>}
                {change.after !== null && <Table.Td>{shown(it.path, it.after)}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {!all && fields.length > few && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {t('audit.further', { count: fields.length - few })}
        </Button>
      )}
    </Card>
  )
}

function Undo({ account, change, title }: { account: number; change: Schemas['AuditShown']; title: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const undo = useMutation({
    mutationFn: () =>
      got(api.POST('/api/v1/accounts/{account}/audit/{change}/undo', { params: { path: { account, change: change.id } } })),
    onSuccess: () => {
      tellDone(t('audit.done'))
      void queries.invalidateQueries() // it can be anything
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Button
      size="xs"
      variant="default"
      loading={undo.isPending}
      aria-label={`${t('actions.undo')}: ${title}`}
      onClick={() =>
        change.action === 'create'
          ? confirm(t, { title: t('audit.undoCreate'), text: title, does: t('actions.undo'), onYes: () => undo.mutate() })
          : undo.mutate()
      }
    >
      {t('actions.undo')}
    </Button>
  )
}
