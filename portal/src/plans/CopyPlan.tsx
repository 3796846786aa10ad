import { Alert, Button, Group, Select, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { Dialog } from '../parts/Dialog'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { type Plan, planName, type PlanSchema, readPlan, useRefresh } from './data'

/** Copies the numbers of another plan over those of `target`, which are then gone (NP-7). */
export function CopyPlan(props: { account: number; schema: PlanSchema; target: Plan; onClose: () => void }) {
  const { account, schema, target, onClose } = props
  const { t } = useTranslation()
  const refresh = useRefresh(account)
  const [source, setSource] = useState<string | null>(null)
  const copy = useChange({
    run: async (plan: number, despite_expectations) => {
      const { etag } = await readPlan(account, schema.number, target.number)
      return got(
        api.POST('/api/v1/accounts/{account}/schemas/{schema}/plans/{plan}/copy', {
          params: {
            path: { account, schema: schema.number, plan: target.number },
            query: { despite_expectations },
            header: { 'if-match': etag },
          },
          body: { plan },
        }),
      )
    },
    onDone: () => {
      refresh()
      tellDone(t('told.saved'))
      onClose()
    },
  })
  const name = planName(schema.plans, target.number)
  return (
    <Dialog opened onClose={onClose} title={t('plans.copy.over', { name })}>
      <Stack>
        <Select
          label={t('plans.copy.from')}
          data={schema.plans
            .filter((plan) => plan.number !== target.number)
            .map((plan) => ({ value: String(plan.number), label: planName(schema.plans, plan.number) }))}
          value={source}
          onChange={setSource}
          data-autofocus
        />
        <Alert color="orange" variant="outline" icon={<IconAlertTriangle aria-hidden />}>
          {t('plans.copy.warning', { count: target.entries?.length ?? 0, name })}
        </Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button color="red" disabled={source === null} loading={copy.busy} onClick={() => copy.start(Number(source))}>
            {t('plans.copy.title')}
          </Button>
        </Group>
      </Stack>
      {copy.dialog}
    </Dialog>
  )
}
