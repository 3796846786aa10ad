import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got } from '../api/client'
import { useLogons } from '../channels/channels'
import { useLogonChange } from '../channels/LogOns'
import { dateTime } from '../i18n/format'
import '../i18n/parts/channels'
import { Uses } from '../things/Uses'

interface Props {
  account: number
  number: string
  kind: string
}

/** What is around an extension: where it is used and, for a user, the telephones that ring. */
export function Surroundings({ account, number, kind }: Props) {
  const { t } = useTranslation()
  const uses = useQuery({
    queryKey: ['uses', account, 'extension', number],
    queryFn: async () =>
      (
        await got(
          api.GET('/api/v1/accounts/{account}/extensions/{number}/uses', {
            params: { path: { account, number }, query: { limit: 500 } },
          }),
        )
      ).items,
  })
  return (
    <Stack>
      {kind === 'user' && <Phones account={account} number={number} />}
      <Title order={2} size="h3">
        {t('things.uses')}
      </Title>
      {uses.data === undefined ? <Skeleton h={40} /> : <Uses account={account} uses={uses.data} />}
      <Group>
        <Link to={`/accounts/${account}/audit?type=extension&key=${number}`}>{t('nav.audit')}</Link>
      </Group>
    </Stack>
  )
}

function Phones({ account, number }: { account: number; number: string }) {
  const { t } = useTranslation()
  const here = (useLogons(account).data ?? []).filter((it) => it.user === number)
  const change = useLogonChange(account)
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        {t('channels.phones')}
      </Title>
      {here.length === 0 ? (
        <Text c="dimmed">{t('channels.nowhere')}</Text>
      ) : (
        <Table maw={640}>
          <Table.Tbody>
            {here.map((it) => (
              <Table.Tr key={it.channel}>
                <Table.Td>
                  <Link to={`/accounts/${account}/channels/${it.channel}`}>{it.channel}</Link>
                </Table.Td>
                <Table.Td>{it.since ? t('channels.since', { when: dateTime(it.since) }) : t('channels.linked')}</Table.Td>
                <Table.Td ta="right">
                  {!it.linked && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t('channels.logOffWho', { who: it.channel })}
                      onClick={() => change.mutate({ channel: it.channel, user: null })}
                    >
                      {t('channels.logOff')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}
