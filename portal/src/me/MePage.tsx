import { Alert, Badge, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { ContactList } from '../contacts/ContactList'
import '../i18n/parts/contacts'
import '../i18n/parts/me'
import { PageHead } from '../parts/PageHead'
import { inWords } from '../parts/problems'
import { Forwards } from './Forwards'
import { OwnCalls } from './OwnCalls'
import { OwnMessages } from './OwnMessages'

/** One's own extension: where calls go, who called, who left a message. */
export function MePage() {
  const { t } = useTranslation()
  const me = useQuery({
    queryKey: ['me'],
    queryFn: () => got(api.GET('/api/v1/me/extension')),
  })
  if (me.error) {
    return (
      <Stack>
        <PageHead title={t('nav.me')} />
        <Alert variant="default">{inWords(me.error, t)}</Alert>
      </Stack>
    )
  }
  if (me.data === undefined) return <Skeleton h={200} />
  const { account, number, name, devices, forwards, new_messages } = me.data
  return (
    <Stack>
      <PageHead title={`${number} ${name}`} />
      <Text c="dimmed">
        {devices.length === 0 ? t('me.nowhere') : t('me.loggedOn', { where: devices.map((it) => it.channel).join(', ') })}
      </Text>
      <Tabs defaultValue="forwards" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="forwards">{t('me.forwards')}</Tabs.Tab>
          <Tabs.Tab value="calls">{t('me.calls')}</Tabs.Tab>
          <Tabs.Tab value="contacts">{t('nav.contacts')}</Tabs.Tab>
          <Tabs.Tab value="messages">
            <Group gap={6} wrap="nowrap">
              {t('me.messages')}
              {new_messages > 0 && (
                <Badge size="sm" circle aria-label={t('me.new', { count: new_messages })}>
                  {new_messages}
                </Badge>
              )}
            </Group>
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="forwards" pt="md">
          <Forwards stored={forwards} key={JSON.stringify(forwards)} />
        </Tabs.Panel>
        <Tabs.Panel value="calls" pt="md">
          <OwnCalls own={number} />
        </Tabs.Panel>
        <Tabs.Panel value="contacts" pt="md">
          <Stack>
            <Text c="dimmed">{t('contacts.aboutOwn')}</Text>
            <ContactList book={{ account, own: true }} mayChange />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="messages" pt="md">
          <OwnMessages />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
