import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { api, got } from '../api/client'
import '../i18n/parts/audit'
import '../i18n/parts/things'
import { LongExport } from '../parts/LongExport'
import { AgeSelect } from '../parts/OrderSelect'
import { PageHead } from '../parts/PageHead'
import { ChangeCard } from './ChangeCard'

const OF_ACCOUNT = ['extension', 'channel', 'number', 'plan', 'schema', 'schedule', 'holiday', 'expectation', 'account'].concat([
  'web user',
  'token',
  'sound',
  'music',
  'message',
  'notice',
])
const OF_PLATFORM = ['account', 'trunk', 'partner', 'token', 'web user']

/** The columns of the file. */
const HEAD = ['at', 'actor', 'type', 'key', 'did', 'before', 'after'] as const

/** Who changed what and when, and taking it back (ACC-8). */
export function AuditPage() {
  const { t } = useTranslation()
  const { account: id } = useParams()
  const account = id === undefined ? null : Number(id)
  const [query, setQuery] = useSearchParams()
  const type = query.get('type')
  const oldest = query.get('sort') === 'at'
  const [typed, setTyped] = useState({ key: query.get('key') ?? '', actor: '', since: '', until: '' })
  const [wanted] = useDebouncedValue(typed, 300)
  const filter = {
    ...(type ? { object_type: type } : {}),
    ...(wanted.key.trim() ? { object_key: wanted.key.trim() } : {}),
    ...(wanted.actor.trim() ? { actor: wanted.actor.trim() } : {}),
    ...(wanted.since ? { since: new Date(`${wanted.since}T00:00`).toISOString() } : {}),
    ...(wanted.until ? { until: dayAfter(wanted.until) } : {}),
    ...(oldest ? { sort: 'at' as const } : {}),
  }
  const page = (limit: number, after: string | undefined) => {
    const query = { limit, ...filter, ...(after ? { after } : {}) }
    return account === null
      ? got(api.GET('/api/v1/audit', { params: { query } }))
      : got(api.GET('/api/v1/accounts/{account}/audit', { params: { path: { account }, query } }))
  }
  const list = useInfiniteQuery({
    queryKey: ['audit', account, filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) => page(50, pageParam),
    getNextPageParam: (page) => page.next,
  })
  const changes = list.data?.pages.flatMap((page) => page.items) ?? []
  const field = (name: keyof typeof typed) => ({
    label: t(`audit.${name}`),
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => setTyped({ ...typed, [name]: event.currentTarget.value }),
  })
  /** In the address, so that it can be kept and sent to somebody. */
  const ask = (name: string, value: string | null) => {
    const others = [...query].filter(([it]) => it !== name)
    setQuery(value === null ? others : [...others, [name, value]], { replace: true })
  }
  return (
    <Stack>
      <PageHead title={t('nav.audit')} about={t('audit.about')}>
        <LongExport
          name="audit"
          head={HEAD.map((name) => t(`audit.${name}`))}
          page={(after) => page(500, after)}
          row={(it) => [
            it.at,
            it.actor,
            t(`types.${it.object_type}`, { defaultValue: it.object_type }),
            it.object_key,
            t(`audit.did_${it.action.replace(' ', '_')}`, { what: it.object_key, defaultValue: it.action }),
            it.before && JSON.stringify(it.before),
            it.after && JSON.stringify(it.after),
          ]}
        />
      </PageHead>
      <Group align="flex-end">
        <Select
          label={t('audit.type')}
          placeholder={t('audit.any')}
          data={(account === null ? OF_PLATFORM : OF_ACCOUNT).map((value) => ({ value, label: t(`types.${value}`) }))}
          value={type}
          onChange={(chosen) => ask('type', chosen)}
          clearable
          w={200}
        />
        <TextInput {...field('key')} w={180} />
        <TextInput {...field('actor')} w={200} />
        <TextInput {...field('since')} type="date" w={160} />
        <TextInput {...field('until')} type="date" w={160} />
        <AgeSelect oldest={oldest} onChange={(wanted) => ask('sort', wanted ? 'at' : null)} />
      </Group>
      {list.isSuccess && changes.length === 0 && <Text c="dimmed">{t('app.nothingFound')}</Text>}
      <Stack component="ul" p={0} m={0} gap="sm" style={{ listStyle: 'none' }}>
        {changes.map((change) => (
          <li key={change.id}>
            <ChangeCard account={account} change={change} />
          </li>
        ))}
      </Stack>
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
    </Stack>
  )
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00`)
  next.setDate(next.getDate() + 1)
  return next.toISOString()
}
