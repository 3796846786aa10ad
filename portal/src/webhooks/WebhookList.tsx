import { Alert, Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import { dateTime } from '../i18n/format'
import '../i18n/parts/webhooks'
import { Dialog } from '../parts/Dialog'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { inWords, tellDone } from '../parts/problems'
import { WideTable } from '../parts/WideTable'
import { NewThing } from '../things/NewThing'
import { Copied } from '../things/Secret'
import { healthOf, useWebhooks, type Webhook } from './webhooks'

const COLOURS = { works: 'teal', paused: 'gray', failing: 'red' } as const

/** How it goes with a webhook, in a word. */
export function Health({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const health = healthOf(webhook)
  const since = webhook.failing_since ? dateTime(webhook.failing_since) : ''
  return (
    <Badge variant="dot" color={COLOURS[health]} tt="none">
      {health === 'failing' ? t('webhooks.failing', { when: since }) : t(`webhooks.${health}`)}
    </Badge>
  )
}

/** The programs that are told of what happens. */
export function WebhookList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const queries = useQueryClient()
  const webhooks = useWebhooks(account)
  const [made, setMade] = useState<string | 'making' | null>(null)
  const list = useList(webhooks.data ?? [], [
    { title: t('webhooks.name'), of: (it) => it.name },
    { title: t('webhooks.address'), of: (it) => it.url },
    { title: t('webhooks.tells'), of: (it) => it.events.length },
    { title: t('webhooks.how'), of: (it) => t(`webhooks.${healthOf(it)}`, { when: it.failing_since ?? '' }) },
  ])
  const { rows } = list
  return (
    <Stack>
      <PageHead title={t('nav.webhooks')} about={t('webhooks.about')}>
        <ListExport list={list} name="webhooks" />
        <Button onClick={() => setMade('making')}>{t('webhooks.new')}</Button>
      </PageHead>
      {webhooks.error && <Alert color="red">{inWords(webhooks.error, t)}</Alert>}
      {webhooks.isPending ? (
        <Skeleton h={120} />
      ) : rows.length === 0 ? (
        !webhooks.error && <Text c="dimmed">{t('webhooks.none')}</Text>
      ) : (
        <WideTable label={t('nav.webhooks')} minWidth={640}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {rows.map((it) => (
                <Table.Tr key={it.id}>
                  <Table.Td>
                    <Link to={`/accounts/${account}/webhooks/${it.id}`}>{it.name}</Link>
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{it.url}</Table.Td>
                  <Table.Td>{t('webhooks.events', { count: it.events.length })}</Table.Td>
                  <Table.Td>
                    <Health webhook={it} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      <Dialog opened={made !== null} onClose={() => setMade(null)} title={t('webhooks.new')} size="lg">
        {made === 'making' && (
          <NewThing
            form="webhook"
            account={account}
            fields={['name', 'url', 'events']}
            make={(body) =>
              got(api.POST('/api/v1/accounts/{account}/webhooks', { params: { path: { account } }, body: body as never }))
            }
            onMade={(webhook) => {
              tellDone(t('told.created'))
              void queries.invalidateQueries({ queryKey: ['webhooks', account] })
              setMade(webhook.secret)
            }}
          />
        )}
        {made !== null && made !== 'making' && <FreshSecret secret={made} />}
      </Dialog>
    </Stack>
  )
}

/** A secret that nobody sees again. */
export function FreshSecret({ secret }: { secret: string }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <Alert variant="default" role="status">
        {t('webhooks.once')}
      </Alert>
      <Copied label={t('webhooks.secret')} value={secret} />
    </Stack>
  )
}
