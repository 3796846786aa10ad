import { Alert, Button, Skeleton, Stack, Tabs } from '@mantine/core'
import type { ComponentType } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { inWords, tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { type TabProps, useRefresh, useSchema, useSchemaNumber, useZone } from './data'
import { HolidaysTab } from './HolidaysTab'
import { NameDialog } from './NameDialog'
import { NowTab } from './NowTab'
import { PreviewTab } from './PreviewTab'
import { useSchemaFields } from './useSchemaFields'
import { VersionsTab } from './VersionsTab'
import { WeekTab } from './WeekTab'

const TABS: Record<string, ComponentType<TabProps>> = {
  now: NowTab,
  week: WeekTab,
  holidays: HolidaysTab,
  preview: PreviewTab,
  versions: VersionsTab,
}

/** One plan schema: what counts now, its plans, week, holidays, coming days and earlier versions. */
export function SchemaPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const number = useSchemaNumber()
  const zone = useZone(account)
  const schema = useSchema(account, number)
  const mayChange = isAtLeast(usePerson(), 'account')
  if (schema.error) return <Alert color="red">{inWords(schema.error, t)}</Alert>
  if (schema.data === undefined) return <Skeleton h={300} />
  return <Known key={number} account={account} schema={schema.data} zone={zone} mayChange={mayChange} />
}

function Known(props: TabProps) {
  const { account, schema, mayChange } = props
  const { t } = useTranslation()
  const go = useNavigate()
  const refresh = useRefresh(account)
  const { tab = 'now' } = useParams()
  const [renaming, setRenaming] = useState(false)
  const fields = useSchemaFields(account, schema, () => setRenaming(false))
  const remove = useChange({
    run: (_: null, despite_expectations) =>
      got(
        api.DELETE('/api/v1/accounts/{account}/schemas/{schema}', {
          params: {
            path: { account, schema: schema.value.number },
            query: { despite_expectations },
            header: { 'if-match': schema.etag },
          },
        }),
      ),
    onDone: () => {
      void go(`/accounts/${account}/plans`)
      refresh()
      tellDone(t('told.deleted'))
    },
  })
  const { number, name } = schema.value
  const Tab = TABS[tab] ?? NowTab
  return (
    <Stack>
      <PageHead title={`${number} ${name}`} above={{ title: t('plans.title'), to: `/accounts/${account}/plans` }}>
        {mayChange && (
          <>
            <Button variant="default" onClick={() => setRenaming(true)}>
              {t('plans.rename')}
            </Button>
            {number !== 1 && (
              <Button
                variant="light"
                color="red"
                loading={remove.busy}
                onClick={() =>
                  confirm(t, {
                    title: t('told.deleteWhat', { what: name }),
                    text: t('plans.schemas.deleteSure'),
                    does: t('actions.delete'),
                    onYes: () => remove.start(null),
                  })
                }
              >
                {t('actions.delete')}
              </Button>
            )}
          </>
        )}
      </PageHead>
      <Tabs value={TABS[tab] ? tab : 'now'} onChange={(to) => void go(`/accounts/${account}/plans/${number}/${to}`)}>
        <Tabs.List aria-label={name} mb="md">
          {Object.keys(TABS).map((it) => (
            <Tabs.Tab key={it} value={it}>
              {t(`plans.tabs.${it}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.keys(TABS).map((it) => (
          <Tabs.Panel key={it} value={it}>
            {it === (TABS[tab] ? tab : 'now') && <Tab {...props} />}
          </Tabs.Panel>
        ))}
      </Tabs>
      {renaming && (
        <NameDialog
          title={t('plans.rename')}
          name={name}
          busy={fields.busy}
          problem={fields.fields['/name']}
          onClose={() => setRenaming(false)}
          onName={(changed) => fields.set({ name: changed })}
        />
      )}
      {fields.dialog}
      {remove.dialog}
    </Stack>
  )
}
