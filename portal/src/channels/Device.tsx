import { SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got, type Schemas } from '../api/client'
import { dateTime } from '../i18n/format'
import '../i18n/parts/channels'
import { Copied } from '../things/Secret'

const SOON = 5_000

/** Which phone is on a channel; looked at again and again, since phones come and go by themselves. */
export function useDevice(account: number, name: string) {
  return useQuery({
    queryKey: ['channel device', account, name],
    queryFn: () => got(api.GET('/api/v1/accounts/{account}/channels/{name}/device', { params: { path: { account, name } } })),
    refetchInterval: SOON,
    retry: false,
  })
}

/** The phone that is registered, with its addresses (CHN-1). */
export function Device({ device }: { device: Schemas['ChannelDevice'] }) {
  const { t } = useTranslation()
  const { phone } = device
  const facts: [string, string][] =
    phone === null
      ? []
      : [
          [t('channels.program'), phone.program || t('channels.unknown')],
          [t('channels.address'), `${phone.address} (${phone.transport.toUpperCase()})`],
          ...(phone.own_address && phone.own_address !== phone.address
            ? ([[t('channels.ownAddress'), phone.own_address]] as [string, string][])
            : []),
          [t('channels.registeredSince'), phone.since ? dateTime(phone.since) : t('channels.longer')],
          [t('channels.registeredUntil'), dateTime(phone.until)],
        ]
  return (
    <Stack gap="sm" component="section" aria-labelledby="device">
      <Title order={2} size="h3" id="device">
        {t('channels.phone')}
      </Title>
      {facts.length > 0 ? (
        <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0} maw={820}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <Text component="dt" size="sm" c="dimmed">
                {name}
              </Text>
              <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ))}
        </SimpleGrid>
      ) : (
        device.registered === false && <Text c="dimmed">{t('channels.awayText')}</Text>
      )}
    </Stack>
  )
}

/** How a phone is set up, in steps; the password is only shown when it is made. */
export function SetUp({ device }: { device: Schemas['ChannelDevice'] }) {
  const { t } = useTranslation()
  const { server, port, transports, user } = device.sip
  return (
    <Stack gap="sm" maw={720}>
      <Text component="ol" m={0} ps="lg">
        {(['web', 'type', 'password', 'green', 'logOn'] as const).map((step) => (
          <li key={step}>{t(`channels.setUp.${step}`)}</li>
        ))}
      </Text>
      <Copied label={t('channels.server')} value={server} />
      <Copied label={t('channels.port')} value={`${port}`} />
      <Text size="sm" c="dimmed">
        {t('channels.transports', { list: transports.join(', ').toUpperCase() })}
      </Text>
      <Copied label={t('channels.user')} value={user} />
    </Stack>
  )
}
