import { ActionIcon, Badge, Button, Group, Menu, Select, Stack, Table, Text, Title } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, got } from '../api/client'
import { confirm } from '../parts/confirm'
import { ListExport, ListHead, useList } from '../parts/list'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { RUNNING } from '../week/colours'
import { colourOf } from './colours'
import { CopyPlan } from './CopyPlan'
import { type Plan, planName, readPlan, type TabProps, useActive, useRefresh } from './data'
import { NameDialog } from './NameDialog'
import looks from '../week/picture.module.css'

/** The plans of a schema (NP-2): open, make, copy over, delete. */
export function PlanList({ account, schema: { value: schema }, mayChange }: TabProps) {
  const { t } = useTranslation()
  const go = useNavigate()
  const refresh = useRefresh(account)
  const active = useActive(account, schema.number).data?.plan
  const [making, setMaking] = useState(false)
  const [like, setLike] = useState<string | null>(null)
  const [target, setTarget] = useState<Plan | null>(null)
  const list = useList(schema.plans, [
    { title: t('plans.plan'), of: (plan) => planName(schema.plans, plan.number) },
    { title: t('plans.list.numbers'), of: (plan) => plan.entries?.length ?? 0 },
  ])
  const make = useChange({
    run: (name: string, despite_expectations) =>
      got(
        api.POST('/api/v1/accounts/{account}/schemas/{schema}/plans', {
          params: { path: { account, schema: schema.number }, query: { despite_expectations } },
          body: { name, entries: schema.plans.find((it) => String(it.number) === like)?.entries ?? [] },
        }),
      ),
    onDone: (made) => {
      setMaking(false)
      refresh()
      tellDone(t('told.created'))
      void go(`/accounts/${account}/plans/${schema.number}/plan/${made.number}`)
    },
  })
  const remove = useChange({
    run: async (plan: number, despite_expectations) => {
      const { etag } = await readPlan(account, schema.number, plan)
      return got(
        api.DELETE('/api/v1/accounts/{account}/schemas/{schema}/plans/{plan}', {
          params: {
            path: { account, schema: schema.number, plan },
            query: { despite_expectations },
            header: { 'if-match': etag },
          },
        }),
      )
    },
    onDone: () => {
      refresh()
      tellDone(t('told.deleted'))
    },
  })

  return (
    <Stack gap="xs" component="section" aria-labelledby="plans">
      <Group justify="space-between">
        <Title order={2} size="h4" id="plans">
          {t('plans.list.title')}
        </Title>
        <Group gap="xs">
          <ListExport list={list} name="plans" />
          {mayChange && <Button onClick={() => setMaking(true)}>{t('plans.list.new')}</Button>}
        </Group>
      </Group>
      {schema.plans.length === 0 && <Text c="dimmed">{t('plans.list.none')}</Text>}
      {schema.plans.length > 0 && (
        <Table.ScrollContainer minWidth={320}>
          <Table highlightOnHover>
            <ListHead list={list} more={mayChange && <Table.Th aria-label={t('plans.actions')} />} />
            <Table.Tbody>
              {list.rows.map((plan) => (
                <Table.Tr key={plan.number}>
                  <Table.Td>
                    <Group gap="xs">
                      <span className={`${looks.swatch} ${colourOf(schema.plans, plan.number)}`} aria-hidden />
                      <Link to={`/accounts/${account}/plans/${schema.number}/plan/${plan.number}`}>
                        {planName(schema.plans, plan.number)}
                      </Link>
                      {plan.number === active && (
                        <Badge color={RUNNING} variant="filled">
                          {t('plans.list.active')}
                        </Badge>
                      )}
                      {plan.number === schema.standing && <Badge variant="default">{t('plans.standing.title')}</Badge>}
                    </Group>
                  </Table.Td>
                  <Table.Td>{plan.entries?.length ?? 0}</Table.Td>
                  {mayChange && (
                    <Table.Td ta="end">
                      <Menu position="bottom-end">
                        <Menu.Target>
                          <ActionIcon variant="subtle" size="lg" aria-label={`${t('plans.actions')}: ${plan.name}`}>
                            <IconDots size={18} />
                          </ActionIcon>
                        </Menu.Target>
                        <Menu.Dropdown>
                          <Menu.Item component={Link} to={`/accounts/${account}/plans/${schema.number}/plan/${plan.number}`}>
                            {t('actions.edit')}
                          </Menu.Item>
                          <Menu.Item disabled={schema.plans.length < 2} onClick={() => setTarget(plan)}>
                            {t('plans.copy.title')}
                          </Menu.Item>
                          <Menu.Item
                            c="red"
                            onClick={() =>
                              confirm(t, {
                                title: t('told.deleteWhat', { what: planName(schema.plans, plan.number) }),
                                text: t('plans.list.deleteSure'),
                                does: t('actions.delete'),
                                onYes: () => remove.start(plan.number),
                              })
                            }
                          >
                            {t('actions.delete')}
                          </Menu.Item>
                        </Menu.Dropdown>
                      </Menu>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {making && (
        <NameDialog
          title={t('plans.list.new')}
          problem={make.fields['/name']}
          busy={make.busy}
          onClose={() => setMaking(false)}
          onName={make.start}
        >
          <Select
            label={t('plans.list.like')}
            placeholder={t('plans.list.empty')}
            data={schema.plans.map((it) => ({ value: String(it.number), label: planName(schema.plans, it.number) }))}
            value={like}
            onChange={setLike}
            clearable
            clearButtonProps={{ 'aria-label': t('plans.list.empty') }}
          />
        </NameDialog>
      )}
      {target && <CopyPlan account={account} schema={schema} target={target} onClose={() => setTarget(null)} />}
      {make.dialog}
      {remove.dialog}
    </Stack>
  )
}
