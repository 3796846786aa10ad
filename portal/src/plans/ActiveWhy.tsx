import { Card, Group, Skeleton, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCalendarWeek, IconConfetti, IconHandStop, IconHome } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { language } from '../i18n/words'
import looks from './ActiveWhy.module.css'
import { RUNNING } from '../week/colours'
import { planName, type TabProps, useActive, usePreview } from './data'
import { REASONS } from './reasons'
import { entriesOf } from './tables'
import { useMinute } from '../week/useMinute'
import { countsAt } from '../week/week'
import { timesWords, momentWords, secondOfWeek, wallAt, wallDate, wallWords } from '../week/when'

/** The four things that can choose the plan, in the order in which they are asked; the first that says something counts
 * (NP-3). */
export function ActiveWhy({ account, schema: { value: schema }, zone }: TabProps) {
  const { t } = useTranslation()
  const active = useActive(account, schema.number).data
  const stretches = usePreview(account, schema.number).data?.stretches ?? []
  const now = useMinute()
  const setBy = useSetBy(account, schema.number, schema.override ?? null, zone)
  if (active === undefined) return <Skeleton h={220} />
  const by = REASONS[active.chosen_by] ?? 'nothing'
  const shown = wallDate(wallAt(now, zone))
  const applying = schema.holidays.filter((it) => wallDate(it.start) <= shown && shown < wallDate(it.end))
  const holidays = applying.filter((it) => !it.temporary)
  const forNow = schema.holidays.find((it) => it.temporary && shown < wallDate(it.end))
  const entry = countsAt(entriesOf(schema.schedule), secondOfWeek(now, zone))
  const name = (plan: number) => planName(schema.plans, plan)
  const rungs = [
    {
      by: ['override', 'temporary'],
      icon: IconHandStop,
      title: t('plans.reasons.override'),
      says: schema.override
        ? [name(schema.override), setBy].filter(Boolean).join(' · ')
        : forNow
          ? `${name(forNow.plan)}, ${t('plans.until', { when: wallWords(forNow.end, language()) })}`
          : null,
    },
    {
      by: ['holiday'],
      icon: IconConfetti,
      title: t('plans.reasons.holiday'),
      says:
        holidays
          .map((it) => `${it.description}: ${name(it.plan)}, ${t('plans.until', { when: wallWords(it.end, language()) })}`)
          .join(' · ') || null,
    },
    {
      by: ['week'],
      icon: IconCalendarWeek,
      title: t('plans.reasons.week'),
      says: entry && `${name(entry.plan)}, ${timesWords(entry, language(), t)}`,
    },
    {
      by: ['standing'],
      icon: IconHome,
      title: t('plans.reasons.standing'),
      says: schema.standing ? name(schema.standing) : null,
    },
  ]
  const [first, next] = stretches
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="active-plan">
      <Title order={2} size="h4" id="active-plan">
        {t('plans.activeNow')}
      </Title>
      <Text size="xl" fw={700} mt={4}>
        {active.plan === null ? t('plans.noPlan') : name(active.plan)}
      </Text>
      <Text size="sm" mb="md">
        {by === 'override'
          ? t('plans.untilTaken')
          : first && next
            ? t('plans.untilThen', {
                when: momentWords(first.end, zone, language()),
                then: next.plan === null ? t('plans.noPlan') : name(next.plan),
              })
            : t(active.plan === null && schema.plans.length > 0 ? 'plans.chooseOne' : 'plans.stays')}
      </Text>
      <ol className={looks.ladder}>
        {rungs.map(({ by: reasons, icon: Icon, title, says }) => {
          const counts = reasons.includes(by)
          return (
            <li key={title} className={`${looks.rung} ${counts ? looks.counts : ''}`}>
              <ThemeIcon variant={counts ? 'filled' : 'default'} color={RUNNING} size="lg" aria-hidden>
                <Icon size={18} />
              </ThemeIcon>
              <div>
                <Group gap="xs">
                  <Text size="sm" fw={600}>
                    {title}
                  </Text>
                  {counts && (
                    <Text size="sm" fw={700} className={looks.word}>
                      {t('plans.counts')}
                    </Text>
                  )}
                </Group>
                <Text size="sm" c={says ? undefined : 'dimmed'}>
                  {says ?? t('plans.saysNothing')}
                </Text>
              </div>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}

/** Who chose the plan by hand, and since when; empty while nobody did. */
function useSetBy(account: number, schema: number, override: number | null, zone: string): string {
  const { t } = useTranslation()
  const audit = useQuery({
    queryKey: ['plans', account, 'override', schema],
    queryFn: () =>
      got(
        api.GET('/api/v1/accounts/{account}/audit', {
          params: { path: { account }, query: { object_type: 'schema', object_key: String(schema), limit: 100 } },
        }),
      ),
    enabled: override !== null,
  })
  const change = audit.data?.items.find(
    ({ before, after }) => override !== null && after?.override === override && before?.override !== override,
  )
  return change ? t('plans.override.setBy', { who: change.actor, when: momentWords(change.at, zone, language()) }) : ''
}
