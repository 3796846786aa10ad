import { ActionIcon, Alert, Button, Group, Select, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, got, gotVersion } from '../api/client'
import { everyItem } from '../api/pages'
import '../i18n/parts/settings'
import { inWords, tell, tellDone } from '../parts/problems'
import { moved } from '../parts/moved'

/** By which trunks a customer calls out, in the order in which they are tried; the platform's to choose. */
export function AccountTrunks({ account }: { account: number }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const queryKey = ['account trunks', account]
  const path = { account }
  const stored = useQuery({
    queryKey,
    queryFn: () => gotVersion(api.GET('/api/v1/accounts/{account}/trunks', { params: { path } })),
    refetchOnWindowFocus: false,
  })
  const all = useQuery({
    queryKey: ['trunks'],
    queryFn: () =>
      everyItem((after) => got(api.GET('/api/v1/trunks', { params: { query: { limit: 500, ...(after ? { after } : {}) } } }))),
  })
  const [chosen, setChosen] = useState<string[] | null>(null)
  const save = useMutation({
    mutationFn: (trunks: string[]) =>
      gotVersion(
        api.PUT('/api/v1/accounts/{account}/trunks', {
          params: { path, header: { 'if-match': stored.data?.etag ?? '*' } },
          body: { trunks },
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved)
      void queries.invalidateQueries({ queryKey: ['first steps', account] })
      setChosen(null)
      tellDone(t('told.saved'))
    },
    onError: (problem) => {
      tell(problem, t)
      void queries.invalidateQueries({ queryKey }) // somebody else may have chosen meanwhile
    },
  })
  if (stored.error) return <Alert color="red">{inWords(stored.error, t)}</Alert>
  if (stored.data === undefined || all.data === undefined) return <Skeleton h={120} />
  const now = chosen ?? stored.data.value.trunks
  const left = all.data.filter((it) => !now.includes(it.name))
  const off = (name: string) => all.data.some((it) => it.name === name && !it.enabled)
  return (
    <Stack gap="sm" id="trunks" maw={820}>
      <Title order={2} size="h3">
        {t('settings.trunks')}
      </Title>
      <Text maw={720}>{t('settings.trunksText')}</Text>
      {now.length === 0 ? (
        <Text c="dimmed">{t('settings.noTrunks')}</Text>
      ) : (
        <Stack component="ol" gap={4} m={0} p={0} style={{ listStyle: 'none' }}>
          {now.map((name, place) => (
            <Group component="li" key={name} gap="xs" wrap="nowrap">
              <Text w={24} ta="right" c="dimmed">
                {place + 1}.
              </Text>
              <Text flex={1} maw={300} style={{ overflowWrap: 'anywhere' }}>
                <Link to={`/trunks/${encodeURIComponent(name)}`}>{name}</Link>
                {off(name) && (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    ({t('settings.trunkOff')})
                  </Text>
                )}
              </Text>
              {(
                [
                  [t('settings.trunkUp', { name }), IconArrowUp, place === 0, () => setChosen(moved(now, place, place - 1))],
                  [
                    t('settings.trunkDown', { name }),
                    IconArrowDown,
                    place === now.length - 1,
                    () => setChosen(moved(now, place, place + 1)),
                  ],
                  [t('settings.trunkAway', { name }), IconX, false, () => setChosen(now.filter((it) => it !== name))],
                ] as const
              ).map(([does, Icon, disabled, act]) => (
                <Tooltip key={does} label={does}>
                  <ActionIcon variant="default" size="lg" aria-label={does} disabled={disabled} onClick={act}>
                    <Icon size={16} />
                  </ActionIcon>
                </Tooltip>
              ))}
            </Group>
          ))}
        </Stack>
      )}
      <Group align="flex-end">
        <Select
          label={t('settings.addTrunk')}
          placeholder={left.length === 0 ? t('settings.noneLeft') : t('form.choose')}
          data={left.map((it) => it.name)}
          value={null}
          disabled={left.length === 0}
          onChange={(name) => name && setChosen([...now, name])}
          searchable={left.length > 12}
          w={320}
        />
        <Button disabled={chosen === null} loading={save.isPending} onClick={() => save.mutate(now)}>
          {t('actions.save')}
        </Button>
        {chosen !== null && (
          <Button variant="default" onClick={() => setChosen(null)}>
            {t('actions.cancel')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
