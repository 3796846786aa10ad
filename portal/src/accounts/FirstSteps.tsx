import { Anchor, Card, Group, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck, IconCircle, IconQuestionMark } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import '../i18n/parts/firstSteps'
import { useNameOf } from '../parts/useNameOf'
import { isSuppliers, named, nextOf, placeOfStep, type Stand } from './steps'
import looks from './FirstSteps.module.css'

const OFTEN = 10_000

/** What to do next for a new customer; nothing once calls can be made and were made. */
export function FirstSteps({ account }: { account: number }) {
  const { t } = useTranslation()
  const mayArrange = isAtLeast(usePerson(), 'account')
  const found = useQuery({
    queryKey: ['first steps', account],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/first-steps', { params: { path: { account } } })),
    enabled: mayArrange,
    refetchInterval: (query) => (query.state.data?.done ? false : OFTEN), // phones come by themselves
  })
  if (found.data === undefined || found.data.done) return null
  const { steps } = found.data
  const next = nextOf(steps)
  const done = steps.filter((it) => it.done).length
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="first-steps" maw={820}>
      <Group justify="space-between">
        <Title order={2} size="h4" id="first-steps">
          {t('firstSteps.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('firstSteps.progress', { done, all: steps.length })}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('firstSteps.about')}
      </Text>
      <ol className={looks.steps}>
        {steps.map((stand) => (
          <OneStep key={stand.step} account={account} stand={stand} isNext={stand.step === next} />
        ))}
      </ol>
    </Card>
  )
}

function OneStep({ account, stand, isNext }: { account: number; stand: Stand; isNext: boolean }) {
  const { t } = useTranslation()
  const person = usePerson()
  const nameOf = useNameOf(account)
  const { step, done, there, missing } = stand
  const to = placeOfStep(step, account, person)
  const title = t(`firstSteps.${step}.title`)
  const { names, more } = named(missing, step === 'caller_ids' ? (it) => t(`firstSteps.fields.${it}`) : nameOf)
  const state = done === null ? 'unknown' : done ? 'done' : 'left'
  return (
    <li className={`${looks.step} ${isNext ? looks.next : ''}`}>
      <ThemeIcon
        variant={done ? 'filled' : 'default'}
        color="teal.8"
        radius="xl"
        role="img"
        aria-label={t(`firstSteps.${state}`)}
      >
        {done === null ? <IconQuestionMark size={16} /> : done ? <IconCheck size={16} /> : <IconCircle size={10} />}
      </ThemeIcon>
      <div>
        <Group gap="xs">
          <Text fw={600}>
            {to === null ? (
              title
            ) : (
              <Anchor component={Link} to={to} inherit>
                {title}
              </Anchor>
            )}
          </Text>
          {isNext && (
            <Text size="sm" fw={700} className={looks.word}>
              {t('firstSteps.next')}
            </Text>
          )}
        </Group>
        {done !== false && there > 0 && (
          <Text size="sm" c="dimmed">
            {t(`firstSteps.${step}.there`, { count: there })}
          </Text>
        )}
        {done === false && (
          <Text size="sm">{isSuppliers(step, person) ? t('firstSteps.supplier') : t(`firstSteps.${step}.todo`)}</Text>
        )}
        {missing.length > 0 && (
          <Text size="sm" c="dimmed">
            {t(`firstSteps.${step}.missing`, { names })}
            {more > 0 && ` ${t('firstSteps.more', { count: more })}`}
          </Text>
        )}
      </div>
    </li>
  )
}
