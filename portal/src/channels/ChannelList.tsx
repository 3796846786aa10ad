import { Button, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got } from '../api/client'
import '../i18n/parts/channels'
import { ListExport, ListHead, useList } from '../parts/list'
import { PageHead } from '../parts/PageHead'
import { tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { NewThing } from '../things/NewThing'
import { type SipAccess, useChannels, useLogons } from './channels'
import { Registered } from './Registered'
import { SipData } from './SipData'

/** Every phone's connection: is it there, and who is logged on. */
export function ChannelList() {
  const { t } = useTranslation()
  const account = useAccountId()
  const channels = useChannels(account)
  const logons = useLogons(account).data ?? []
  const nameOf = useNameOf(account)
  const [making, dialog] = useDisclosure()
  const [filter, setFilter] = useState('')
  const people = (channel: string) =>
    logons
      .filter((it) => it.channel === channel)
      .map((it) => nameOf(it.user))
      .join(', ')
  const wanted = filter.trim().toLowerCase()
  const rows = (channels.data ?? []).filter((it) => `${it.name} ${people(it.name)}`.toLowerCase().includes(wanted))
  const list = useList(rows, [
    { title: t('channels.name'), of: (it) => it.name },
    { title: t('channels.phone'), of: (it) => t(it.registered ? 'channels.there' : 'channels.away') },
    { title: t('channels.who'), of: (it) => people(it.name) },
    { title: t('channels.limit'), of: (it) => it.call_limit, right: true },
  ])
  return (
    <Stack>
      <PageHead title={t('nav.channels')} about={t('channels.about')}>
        <ListExport list={list} name="channels" />
        <Button onClick={dialog.open}>{t('channels.new')}</Button>
      </PageHead>
      <TextInput
        label={t('actions.search')}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        maw={400}
      />
      {channels.isSuccess && rows.length === 0 ? (
        <Text c="dimmed">{wanted ? t('app.nothingFound') : t('channels.none')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table highlightOnHover>
            <ListHead list={list} />
            <Table.Tbody>
              {list.rows.map((it) => (
                <Table.Tr key={it.name}>
                  <Table.Td>
                    <Link to={`/accounts/${account}/channels/${it.name}`}>{it.name}</Link>
                  </Table.Td>
                  <Table.Td>
                    <Registered is={it.registered} />
                  </Table.Td>
                  <Table.Td>
                    {people(it.name) || '—'}
                    {it.linked_user && (
                      <Text span size="sm" c="dimmed">
                        {' '}
                        ({t('channels.linked')})
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{it.call_limit}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={making} onClose={dialog.close} title={t('channels.new')} size="lg">
        <NewChannel account={account} onDone={dialog.close} />
      </Modal>
    </Stack>
  )
}

function NewChannel({ account, onDone }: { account: number; onDone: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [sip, setSip] = useState<SipAccess | null>(null)
  if (sip !== null) {
    return (
      <Stack>
        <SipData sip={sip} />
        <Button onClick={onDone} w="fit-content">
          {t('actions.close')}
        </Button>
      </Stack>
    )
  }
  return (
    <NewThing
      form="channel"
      account={account}
      fields={['name', 'linked_user', 'call_limit']}
      make={(body) =>
        got(api.POST('/api/v1/accounts/{account}/channels', { params: { path: { account } }, body: body as never }))
      }
      onMade={(made) => {
        tellDone(t('told.created'))
        void queries.invalidateQueries({ queryKey: ['channels', account] })
        setSip(made.sip)
      }}
    />
  )
}
