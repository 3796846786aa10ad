import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion } from '../api/client'
import { dateTime } from '../i18n/format'
import '../i18n/parts/webhooks'
import { confirm } from '../parts/confirm'
import { Dialog } from '../parts/Dialog'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { DeliveryLog } from './DeliveryLog'
import { FreshSecret, Health } from './WebhookList'

/** One webhook: what it is told of, and what became of it. */
export function WebhookPage() {
  const { t } = useTranslation()
  const go = useNavigate()
  const account = useAccountId()
  const queries = useQueryClient()
  const id = Number(useParams().webhook)
  const path = { account, webhook: id }
  const [secret, setSecret] = useState<string | null>(null)
  const read = () => gotVersion(api.GET('/api/v1/accounts/{account}/webhooks/{webhook}', { params: { path } }))
  const shown = useQuery({ queryKey: ['webhooks', account, id], queryFn: read, refetchInterval: 15_000 }).data?.value
  const again = () => void queries.invalidateQueries({ queryKey: ['webhooks', account] })
  const failed = (problem: Error) => tell(problem, t)
  const renew = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts/{account}/webhooks/{webhook}/secret', { params: { path } })),
    onSuccess: (webhook) => {
      setSecret(webhook.secret)
      again()
    },
    onError: failed,
  })
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/webhooks/{webhook}', { params: { path } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      again()
      void go(`/accounts/${account}/webhooks`)
    },
    onError: failed,
  })
  const name = shown?.name ?? t('nav.webhooks')
  return (
    <Stack>
      <PageHead title={name} above={{ title: t('nav.webhooks'), to: `/accounts/${account}/webhooks` }}>
        {shown && <Health webhook={shown} />}
      </PageHead>
      {shown?.trouble && (
        <Alert color="red" role="status" title={t(`webhooks.troubles.${shown.trouble}`)}>
          {t('webhooks.mended')}
        </Alert>
      )}
      <ChangeThing
        key={id}
        form="webhook"
        account={account}
        queryKey={['webhook', account, id]}
        lists={[['webhooks', account]]}
        read={read}
        write={(body, etag) =>
          gotVersion(
            api.PATCH('/api/v1/accounts/{account}/webhooks/{webhook}', {
              params: { path, header: { 'if-match': etag } },
              body: body as never,
            }),
          )
        }
      >
        <Button
          variant="default"
          loading={renew.isPending}
          onClick={() =>
            confirm(t, {
              title: t('webhooks.renew'),
              text: t('webhooks.renewText'),
              does: t('webhooks.renew'),
              onYes: () => renew.mutate(),
            })
          }
        >
          {t('webhooks.renew')}
        </Button>
        <Button
          variant="light"
          color="red"
          loading={remove.isPending}
          onClick={() =>
            confirm(t, {
              title: t('told.deleteWhat', { what: name }),
              text: t('webhooks.deleteText'),
              does: t('actions.delete'),
              onYes: () => remove.mutate(),
            })
          }
        >
          {t('actions.delete')}
        </Button>
      </ChangeThing>
      {shown?.old_secret_until && (
        <Text size="sm" c="dimmed">
          {t('webhooks.both', { when: dateTime(shown.old_secret_until) })}
        </Text>
      )}
      <Group mt="lg">
        <Title order={2} size="h3">
          {t('webhooks.log')}
        </Title>
      </Group>
      <DeliveryLog account={account} webhook={id} active={shown?.active ?? false} />
      <Dialog opened={secret !== null} onClose={() => setSecret(null)} title={t('webhooks.renew')} size="lg">
        {secret !== null && <FreshSecret secret={secret} />}
      </Dialog>
    </Stack>
  )
}
