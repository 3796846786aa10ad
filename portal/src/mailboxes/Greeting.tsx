import { Alert, Card, Skeleton, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got, gotVersion } from '../api/client'
import '../i18n/parts/mailboxes'
import { inWords, tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { SoundField } from '../schema-form/SoundField'
import { greetingOf, withGreeting } from './mailboxes'

/** What callers hear before the tone: heard, chosen, uploaded, recorded by phone, or spoken from a text (VM-5). */
export function Greeting({ account, number }: { account: number; number: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const path = { account, number }
  const queryKey = ['greeting', account, number]
  const stored = useQuery({
    queryKey,
    queryFn: () => gotVersion(api.GET('/api/v1/accounts/{account}/extensions/{number}', { params: { path } })),
    refetchOnWindowFocus: false,
  })
  const change = useChange({
    run: (sound: string | null, despite_expectations) =>
      got(
        api.PATCH('/api/v1/accounts/{account}/extensions/{number}', {
          params: { path, header: { 'if-match': stored.data?.etag ?? '*' }, query: { despite_expectations } },
          body: withGreeting(stored.data!.value, sound) as never,
        }),
      ),
    onDone: () => {
      tellDone(t('told.saved'))
      void queries.invalidateQueries({ queryKey })
      void queries.invalidateQueries({ queryKey: ['extensions', account] })
    },
  })
  if (stored.error) return <Alert color="red">{inWords(stored.error, t)}</Alert>
  if (stored.data === undefined) return <Skeleton h={120} />
  const { sound, text } = greetingOf(stored.data.value)
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="greeting" maw={820}>
      <Title order={2} size="h4" id="greeting">
        {t('mailboxes.greeting')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {text !== null
          ? t('mailboxes.greetingText', { text })
          : sound === null
            ? t('mailboxes.greetingStandard')
            : t('mailboxes.greetingOwn')}{' '}
        <Link to={`/accounts/${account}/extensions/${number}`}>{t('mailboxes.settings')}</Link>
      </Text>
      <SoundField
        account={account}
        label={t('mailboxes.greetingSound')}
        optional
        value={sound}
        onChange={(file) => file !== sound && change.start(file)}
      />
      {change.dialog}
    </Card>
  )
}
