import { Alert, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, got, gotVersion } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import '../i18n/parts/settings'
import { confirm } from '../parts/confirm'
import { PageHead } from '../parts/PageHead'
import { tell, tellDone } from '../parts/problems'
import { usePartners } from '../partners/partners'
import { ChangeThing } from '../things/ChangeThing'
import { useAccount, useAccountId } from './account'
import { AccountTrunks } from './AccountTrunks'

const FIELDS = ['number', 'name', 'country', 'language', 'timezone', 'area_code', 'default_caller_id', 'emergency_caller_id']

/** A customer's details and facilities (ACC-3..5). */
export function SettingsPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const person = usePerson()
  const [sells, ofPlatform] = [isAtLeast(person, 'partner'), isAtLeast(person, 'platform')]
  const now = useAccount(account).data
  const without = now !== undefined && !now.emergency_caller_id
  return (
    <Stack>
      <PageHead title={t('nav.settings')} about={now?.name} />
      {without && (
        <Alert variant="default" title={t('settings.emergency')} maw={820}>
          {t('settings.emergencyText')}
        </Alert>
      )}
      <ChangeThing
        key={account}
        form="account"
        account={account}
        queryKey={['settings', account]}
        lists={[['account', account], ['accounts']]}
        fields={[...FIELDS, 'infotainment_every', 'facilities']}
        readOnly={sells ? [] : ['number', 'facilities']}
        beside={{
          emergency_caller_id: (
            <Text size="sm" c="dimmed" maw={720}>
              {t('settings.emergencyWhy')}
            </Text>
          ),
        }}
        read={() => gotVersion(api.GET('/api/v1/accounts/{account}', { params: { path: { account } } }))}
        write={(body, etag, despite) =>
          gotVersion(
            api.PATCH('/api/v1/accounts/{account}', {
              params: { path: { account }, header: { 'if-match': etag }, query: { despite_expectations: despite } },
              body: body as never,
            }),
          )
        }
      />
      {ofPlatform && <AccountTrunks account={account} />}
      {ofPlatform && now && <Handover account={account} partner={now.partner} key={now.partner} />}
      {ofPlatform && now && <Remove account={account} name={now.name} />}
    </Stack>
  )
}

function Handover({ account, partner }: { account: number; partner: number | null }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const partners = usePartners().data ?? []
  const [chosen, setChosen] = useState(partner === null ? null : String(partner))
  const hand = useMutation({
    mutationFn: () =>
      got(
        api.PUT('/api/v1/accounts/{account}/partner', {
          params: { path: { account } },
          body: { partner: chosen === null ? null : Number(chosen) },
        }),
      ),
    onSuccess: () => {
      tellDone(t('told.saved'))
      void queries.invalidateQueries({ queryKey: ['account', account] })
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        {t('settings.partner')}
      </Title>
      <Text maw={720}>{t('settings.partnerText')}</Text>
      <Group align="flex-end">
        <Select
          label={t('settings.partnerOf')}
          placeholder={t('settings.noPartner')}
          data={partners.map((it) => ({ value: String(it.id), label: it.name }))}
          value={chosen}
          onChange={setChosen}
          clearable
          searchable
          w={320}
        />
        <Button variant="default" loading={hand.isPending} onClick={() => hand.mutate()}>
          {t('settings.handOver')}
        </Button>
      </Group>
    </Stack>
  )
}

function Remove({ account, name }: { account: number; name: string }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/accounts/{account}', { params: { path: { account } } })),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['accounts'] })
      void go('/')
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        {t('settings.delete')}
      </Title>
      <Text maw={720}>{t('settings.deleteText')}</Text>
      <Button
        w="fit-content"
        variant="light"
        color="red"
        loading={remove.isPending}
        onClick={() =>
          confirm(t, {
            title: t('told.deleteWhat', { what: name }),
            text: t('settings.deleteText'),
            does: t('actions.delete'),
            onYes: () => remove.mutate(),
          })
        }
      >
        {t('settings.delete')}
      </Button>
    </Stack>
  )
}
