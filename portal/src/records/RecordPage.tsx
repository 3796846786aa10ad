import { Alert, Badge, Card, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { dateTime, duration, secondsBetween, telephone } from '../i18n/format'
import '../i18n/parts/calls'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { TracePath } from '../parts/TracePath'
import { useNameOf } from '../parts/useNameOf'
import { OUTCOME_COLOURS } from './RecordList'

/** One call that is over: what came of it, and why it went where it went. */
export function RecordPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const call = useParams().call ?? ''
  const nameOf = useNameOf(account)
  const found = useQuery({
    queryKey: ['record', account, call],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/records/{call}', { params: { path: { account, call } } })),
    staleTime: Infinity,
  })
  if (found.error) return <Alert color="red">{inWords(found.error, t)}</Alert>
  const it = found.data
  if (it === undefined) return <Skeleton h={300} />
  const rang = secondsBetween(it.ringing, it.answered ?? it.ended)
  const talked = secondsBetween(it.answered, it.ended)
  const facts: [string, string | null | undefined][] = [
    ['caller', [nameOf(it.caller), nameOf(it.caller) === telephone(it.caller) ? it.caller_name : ''].filter(Boolean).join(' ')],
    ['called', nameOf(it.called)],
    ['direction', t(`calls.directions.${it.direction}`)],
    ['answeredBy', it.answered_by && nameOf(it.answered_by)],
    ['rang', rang === null ? null : duration(rang)],
    ['talked', talked === null ? null : duration(talked)],
    ['lasted', duration(secondsBetween(it.started, it.ended) ?? 0)],
    ['endedBy', it.ended_by ? t(`records.enders.${it.ended_by}`) : null],
    ['channel', it.channel],
    ['trunk', it.trunk],
  ]
  return (
    <Stack maw={860}>
      <PageHead
        title={t('records.call', { when: dateTime(it.started) })}
        above={{ title: t('records.title'), to: `/accounts/${account}/records` }}
      />
      <Badge size="lg" variant="dot" color={OUTCOME_COLOURS[it.outcome]} tt="none">
        {t(`records.outcomes.${it.outcome}`)}
      </Badge>
      <SimpleGrid component="dl" cols={{ base: 2, sm: 3 }} m={0}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <Text component="dt" size="sm" c="dimmed">
                {t(`records.${name}`)}
              </Text>
              <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ))}
      </SimpleGrid>
      <Title order={2} size="h4">
        {t('trace.title')}
      </Title>
      <Card withBorder>
        <TracePath trace={it.trace ?? []} began={it.started} legs={it.legs} nameOf={nameOf} />
      </Card>
    </Stack>
  )
}
