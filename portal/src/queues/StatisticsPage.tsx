import { Alert, Button, NumberInput, Select, SimpleGrid, Stack, Tabs, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAccountId } from '../accounts/account'
import { useExtensions } from '../extensions/extensions'
import '../i18n/parts/queues'
import { PageHead } from '../parts/PageHead'
import { AgentFigures, QueueFigures, WaitFigures } from './Figures'
import { type Asked, type Cut, CUTS, dayOf, spanOf } from './statistics'

const TABS = { queues: QueueFigures, waits: WaitFigures, agents: AgentFigures }
type Tab = keyof typeof TABS

/** What happened in queues: tables, each with a chart. */
export function StatisticsPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const queues = (useExtensions(account).data ?? []).filter((it) => it.kind === 'queue')
  const today = dayOf(new Date())
  const [asked, setAsked] = useState<Asked>({ from: today, until: today, by: 'hour', queue: '', within: 20 })
  const [tab, setTab] = useState<Tab>('queues')
  const span = spanOf(asked)
  const put = (changed: Partial<Asked>) => setAsked({ ...asked, ...changed })
  const csv = new URLSearchParams({
    ...span,
    format: 'csv',
    ...(tab === 'waits' ? {} : { by: asked.by }),
    ...(tab === 'queues' ? { within: String(asked.within) } : {}),
    ...(asked.queue ? { queue: asked.queue } : {}),
  })
  const Shown = TABS[tab]
  return (
    <Stack>
      <PageHead title={t('statistics.title')} above={{ title: t('queues.title'), to: `/accounts/${account}/queues` }}>
        <Button
          component="a"
          href={`/api/v1/accounts/${account}/statistics/${tab}?${csv}`}
          download={`${tab}.csv`}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t('statistics.csv')}
        </Button>
      </PageHead>
      <SimpleGrid cols={{ base: 2, md: 5 }} spacing="sm">
        {(['from', 'until'] as const).map((name) => (
          <TextInput
            key={name}
            type="date"
            label={t(`statistics.${name}`)}
            value={asked[name]}
            onChange={(event) => put({ [name]: event.currentTarget.value })}
          />
        ))}
        <Select
          label={t('statistics.by')}
          data={CUTS.map((cut) => ({ value: cut, label: t(`statistics.cuts.${cut}`) }))}
          value={asked.by}
          allowDeselect={false}
          disabled={tab === 'waits'}
          onChange={(by) => put({ by: by as Cut })}
        />
        <Select
          label={t('statistics.queue')}
          placeholder={t('statistics.all')}
          clearable
          data={queues.map((it) => ({ value: it.number, label: `${it.number} ${it.name}` }))}
          value={asked.queue || null}
          onChange={(queue) => put({ queue: queue ?? '' })}
        />
        <NumberInput
          label={t('queues.within')}
          min={0}
          max={3600}
          allowDecimal={false}
          disabled={tab !== 'queues'}
          value={asked.within}
          onChange={(within) => typeof within === 'number' && put({ within: Math.min(3600, Math.max(0, within)) })}
        />
      </SimpleGrid>
      <Tabs value={tab} onChange={(chosen) => setTab(chosen as Tab)} keepMounted={false}>
        <Tabs.List mb="md">
          {(Object.keys(TABS) as Tab[]).map((it) => (
            <Tabs.Tab key={it} value={it}>
              {t(`statistics.tabs.${it}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(Object.keys(TABS) as Tab[]).map((it) => (
          <Tabs.Panel key={it} value={it}>
            {span === undefined ? (
              <Alert color="orange">{t('statistics.wrongDays')}</Alert>
            ) : (
              <Shown account={account} asked={asked} span={span} />
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}
