import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, gotVersion, type Versioned } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { PageHead } from '../parts/PageHead'
import { inWords, tellDone } from '../parts/problems'
import { Unsaved } from '../parts/Unsaved'
import { useMergedSave } from '../parts/useMergedSave'
import { useNameOf } from '../parts/useNameOf'
import type { JsonObject } from '../schema-form/schema'
import { type Plan, readPlan, usePlan, useRefresh, useSchema, useSchemaNumber } from './data'
import { PlanEntries } from './PlanEntries'
import { lineOf, planOf, planTable } from './tables'

/** One number plan: where each telephone number leads (NP-2). */
export function PlanPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const schema = useSchemaNumber()
  const number = Number(useParams().plan)
  const plan = usePlan(account, schema, number)
  if (plan.error) return <Alert color="red">{inWords(plan.error, t)}</Alert>
  if (plan.data === undefined) return <Skeleton h={300} />
  return <Editor key={number} account={account} schema={schema} stored={plan.data} />
}

interface Draft {
  base: Versioned<JsonObject>
  plan: Pick<Plan, 'name' | 'entries'>
}

function Editor({ account, schema, stored }: { account: number; schema: number; stored: Versioned<Plan> }) {
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const nameOf = useNameOf(account)
  const mayChange = isAtLeast(usePerson(), 'account')
  const schemaName = useSchema(account, schema).data?.value.name ?? ''
  const [draft, setDraft] = useState<Draft | null>(null)
  const { number } = stored.value
  const plan = draft?.plan ?? stored.value
  const saving = useMergedSave({
    read: async () => {
      const { value, etag } = await readPlan(account, schema, number)
      return { value: planTable(value), etag }
    },
    write: (table, etag, despite_expectations) =>
      gotVersion(
        api.PATCH('/api/v1/accounts/{account}/schemas/{schema}/plans/{plan}', {
          params: {
            path: { account, schema, plan: number },
            query: { despite_expectations },
            header: { 'if-match': etag },
          },
          body: planOf(table) as never,
        }),
      ),
    onSaved: () => {
      setDraft(null)
      refresh()
      tellDone(t('told.saved'))
    },
    name: (path) => (path[0] === 'name' ? t('plans.name') : (path[1] ?? '')),
    shown: (value, path) => {
      if (path[0] === 'name') return String(value)
      const [destination, prefix] = lineOf<[string, string]>(value)
      return prefix ? `${nameOf(destination)} (${prefix})` : nameOf(destination)
    },
  })
  const change = (part: Partial<Draft['plan']>) =>
    setDraft({ base: draft?.base ?? { value: planTable(stored.value), etag: stored.etag }, plan: { ...plan, ...part } })
  const entries = plan.entries ?? []
  const incomplete = entries.some((entry) => !entry.e164 || !entry.destination)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (draft) saving.save(draft.base, planTable(draft.plan))
      }}
    >
      <Stack>
        <PageHead
          title={`${number} ${stored.value.name}`}
          above={{ title: `${t('plans.title')}: ${schemaName}`, to: `/accounts/${account}/plans/${schema}` }}
          about={t('plans.entries.about')}
        />
        <TextInput
          label={t('plans.name')}
          required
          disabled={!mayChange}
          value={plan.name}
          error={saving.fields['/name']}
          onChange={(event) => change({ name: event.currentTarget.value })}
          maw={400}
        />
        <PlanEntries
          account={account}
          schema={schema}
          entries={entries}
          problems={saving.fields}
          fixed={!mayChange}
          onChange={(changed) => change({ entries: changed })}
        />
        {mayChange && (
          <Group
            pos={draft === null ? undefined : 'sticky'}
            bottom={0}
            py="xs"
            bg="var(--mantine-color-body)"
            style={{ zIndex: 6 }}
          >
            <Button type="submit" loading={saving.busy} disabled={draft === null || incomplete}>
              {t('actions.save')}
            </Button>
            {draft !== null && (
              <>
                <Button variant="default" onClick={() => setDraft(null)}>
                  {t('plans.discard')}
                </Button>
                <Text size="sm">{t(incomplete ? 'plans.entries.incomplete' : 'told.unsaved')}</Text>
              </>
            )}
          </Group>
        )}
      </Stack>
      {saving.dialog}
      <Unsaved when={draft !== null} />
    </form>
  )
}
