import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { dateTime } from '../i18n/format'
import '../i18n/parts/channels'
import { tell, tellDone } from '../parts/problems'
import { useNameOf } from '../parts/useNameOf'
import { DestinationField } from '../schema-form/DestinationField'
import { useLogons } from './channels'

/** Who is logged on to a channel, and logging somebody on or off. */
export function LogOns({ account, channel, linked }: { account: number; channel: string; linked: boolean }) {
  const { t } = useTranslation()
  const nameOf = useNameOf(account)
  const here = (useLogons(account).data ?? []).filter((it) => it.channel === channel)
  const [user, setUser] = useState<string | null>(null)
  const change = useLogonChange(account)
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">
        {t('channels.who')}
      </Title>
      {here.length === 0 ? (
        <Text c="dimmed">{t('channels.nobody')}</Text>
      ) : (
        <Table maw={640}>
          <Table.Tbody>
            {here.map((it) => (
              <Table.Tr key={it.user}>
                <Table.Td>{nameOf(it.user)}</Table.Td>
                <Table.Td>{it.since ? t('channels.since', { when: dateTime(it.since) }) : t('channels.linked')}</Table.Td>
                <Table.Td ta="right">
                  {!it.linked && (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => change.mutate({ channel, user: null })}
                      aria-label={t('channels.logOffWho', { who: nameOf(it.user) })}
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
      {!linked && (
        <Group align="flex-end">
          <DestinationField
            account={account}
            kinds={['user']}
            fixed
            label={t('channels.logOnWho')}
            value={user}
            onChange={setUser}
            clearable
          />
          <Button
            variant="default"
            disabled={user === null}
            loading={change.isPending}
            onClick={() => user && change.mutate({ channel, user }, { onSuccess: () => setUser(null) })}
          >
            {t('channels.logOn')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

/** Logs a user on to a channel; without one, logs off who is there. */
export function useLogonChange(account: number) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ channel, user }: { channel: string; user: string | null }) => {
      const path = { account, name: channel }
      if (user === null) await got(api.DELETE('/api/v1/accounts/{account}/logons/{name}', { params: { path } }))
      else
        await got(api.PUT('/api/v1/accounts/{account}/logons/{name}', { params: { path }, body: { user, nowhere_else: false } }))
    },
    onSuccess: () => {
      tellDone(t('told.saved'))
      void queries.invalidateQueries({ queryKey: ['logons', account] })
    },
    onError: (problem) => tell(problem, t),
  })
}
