import { Anchor, Badge, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { type PlanSchema, planName, useActive, useRefresh, useSchemas } from './data'
import { NameDialog } from './NameDialog'
import { PlansHead } from './PlansHead'
import { REASONS } from './reasons'

/** The plan schemas of a customer, each with the plan that counts now (NP-1, NP-3). */
export function SchemaList() {
  const { t } = useTranslation()
  const go = useNavigate()
  const account = useAccountId()
  const person = usePerson()
  const schemas = useSchemas(account)
  const refresh = useRefresh(account)
  const [making, dialog] = useDisclosure()
  const make = useChange({
    run: (name: string, despite_expectations) =>
      got(
        api.POST('/api/v1/accounts/{account}/schemas', {
          params: { path: { account }, query: { despite_expectations } },
          body: { name },
        }),
      ),
    onDone: (made) => {
      refresh()
      tellDone(t('told.created'))
      void go(`/accounts/${account}/plans/${made.number}`)
    },
  })
  return (
    <Stack>
      <PlansHead account={account}>
        {isAtLeast(person, 'account') && <Button onClick={dialog.open}>{t('plans.schemas.new')}</Button>}
      </PlansHead>
      <Text c="dimmed">{t('plans.schemas.about')}</Text>
      {schemas.isPending && <Skeleton h={120} />}
      {schemas.data?.map((schema) => (
        <SchemaCard key={schema.number} account={account} schema={schema} />
      ))}
      {making && (
        <NameDialog
          title={t('plans.schemas.new')}
          problem={make.fields['/name']}
          busy={make.busy}
          onClose={dialog.close}
          onName={make.start}
        />
      )}
      {make.dialog}
    </Stack>
  )
}

function SchemaCard({ account, schema }: { account: number; schema: PlanSchema }) {
  const { t } = useTranslation()
  const active = useActive(account, schema.number).data
  const numbers = new Set(schema.plans.flatMap((plan) => (plan.entries ?? []).map((entry) => entry.e164)))
  return (
    <Card withBorder padding="md" component="section" aria-label={schema.name}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Anchor component={Link} to={`/accounts/${account}/plans/${schema.number}`} fw={600} size="lg">
            {schema.number} {schema.name}
          </Anchor>
          {schema.number === 1 && (
            <Badge variant="default" ml="sm">
              {t('plans.schemas.main')}
            </Badge>
          )}
          <Text size="sm" c="dimmed">
            {t('plans.schemas.plans', { count: schema.plans.length })} · {t('plans.schemas.numbers', { count: numbers.size })}
          </Text>
        </div>
        {active && (
          <Text size="sm">
            {t('plans.schemas.now')}{' '}
            <strong>{active.plan === null ? t('plans.noPlan') : planName(schema.plans, active.plan)}</strong>
            <br />
            {t(`plans.reasons.${REASONS[active.chosen_by] ?? 'nothing'}`)}
          </Text>
        )}
      </Group>
    </Card>
  )
}
