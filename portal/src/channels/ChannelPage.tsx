import { Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion } from '../api/client'
import '../i18n/parts/channels'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { ChangeThing } from '../things/ChangeThing'
import { Device, SetUp, useDevice } from './Device'
import { LogOns } from './LogOns'
import { readChannel, type SipAccess, useChannels } from './channels'
import { Registered } from './Registered'
import { SipData } from './SipData'

const FIELDS = ['linked_user', 'call_limit', 'emergency_caller_id', 'language', 'country', 'area_code', 'dtmf']

/** One phone's connection. */
export function ChannelPage() {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const account = useAccountId()
  const name = useParams().name ?? ''
  const now = useChannels(account).data?.find((it) => it.name === name)
  const device = useDevice(account, name)
  const [sip, setSip] = useState<SipAccess | null>(null)
  const path = { account, name }
  const renew = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts/{account}/channels/{name}/password', { params: { path } })),
    onSuccess: setSip,
    onError: (problem) => tell(problem, t),
  })
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}/channels/{name}', { params: { path } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['channels', account] })
      void go(`/accounts/${account}/channels`)
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack>
      <PageHead title={name} above={{ title: t('nav.channels'), to: `/accounts/${account}/channels` }}>
        {device.data ? <Registered is={device.data.registered} /> : now && <Registered is={now.registered} />}
      </PageHead>
      {device.data && <Device device={device.data} />}
      <LogOns account={account} channel={name} linked={now?.linked_user != null} />
      <Title order={2} size="h3">
        {t('channels.settings')}
      </Title>
      <ChangeThing
        key={name}
        form="channel"
        account={account}
        queryKey={['channel', account, name]}
        lists={[
          ['channels', account],
          ['logons', account],
        ]}
        fields={FIELDS}
        read={() => readChannel(account, name)}
        write={(body, etag, despite) =>
          gotVersion(
            api.PATCH('/api/v1/accounts/{account}/channels/{name}', {
              params: { path, header: { 'if-match': etag }, query: { despite_expectations: despite } },
              body: body as never,
            }),
          )
        }
      />
      <Title order={2} size="h3">
        {t('channels.forThePhone')}
      </Title>
      <Text maw={720}>{t('channels.forThePhoneText')}</Text>
      {device.data && <SetUp device={device.data} />}
      <Group>
        <Button
          variant="default"
          loading={renew.isPending}
          onClick={() =>
            confirm(t, {
              title: t('channels.newPassword'),
              text: t('channels.newPasswordText'),
              does: t('channels.newPassword'),
              onYes: () => renew.mutate(),
            })
          }
        >
          {t('channels.newPassword')}
        </Button>
        <Button
          variant="light"
          color="red"
          loading={remove.isPending}
          onClick={() =>
            confirm(t, {
              title: t('told.deleteWhat', { what: name }),
              text: t('channels.deleteText'),
              does: t('actions.delete'),
              onYes: () => remove.mutate(),
            })
          }
        >
          {t('actions.delete')}
        </Button>
      </Group>
      <Modal opened={sip !== null} onClose={() => setSip(null)} title={name} size="lg">
        {sip && <SipData sip={sip} />}
      </Modal>
    </Stack>
  )
}
