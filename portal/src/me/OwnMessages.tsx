import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, type Schemas } from '../api/client'
import { dateTime, duration, telephone } from '../i18n/format'
import { confirm } from '../parts/confirm'
import { tell } from '../parts/problems'

/** One's own voicemail. */
export function OwnMessages() {
  const { t } = useTranslation()
  const list = useInfiniteQuery({
    queryKey: ['me', 'messages'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      got(api.GET('/api/v1/me/messages', { params: { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next,
  })
  const messages = list.data?.pages.flatMap((page) => page.items) ?? []
  if (list.isSuccess && messages.length === 0) return <Text c="dimmed">{t('me.noMessages')}</Text>
  return (
    <Stack maw={820}>
      {messages.map((message) => (
        <OneMessage key={message.id} message={message} />
      ))}
      {list.hasNextPage && (
        <Button variant="light" w="fit-content" onClick={() => void list.fetchNextPage()}>
          {t('actions.more')}
        </Button>
      )}
    </Stack>
  )
}

function OneMessage({ message }: { message: Schemas['Message'] }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [playing, setPlaying] = useState(false)
  const path = { message: message.id }
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['me'] }),
    onError: (problem) => tell(problem, t),
  })
  const setHeard = (heard: boolean) =>
    act.mutate(() => got(api.PUT('/api/v1/me/messages/{message}/heard', { params: { path }, body: { heard } })))
  const who = [telephone(message.caller), message.caller_name].filter(Boolean).join(' ') || t('me.withheld')
  const isNew = message.heard_at === null
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between">
        <div>
          <Text fw={isNew ? 600 : undefined}>
            {who}{' '}
            {isNew && (
              <Badge size="sm" tt="none">
                {t('me.isNew')}
              </Badge>
            )}
          </Text>
          <Text size="sm" c="dimmed">
            {dateTime(message.left_at)}, {duration(message.seconds)}
          </Text>
        </div>
        <Group gap="xs">
          {!playing && (
            <Button size="xs" onClick={() => setPlaying(true)} aria-label={`${t('form.play')}: ${who}`}>
              {t('form.play')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => setHeard(isNew)}
            aria-label={`${t(isNew ? 'me.heard' : 'me.asNew')}: ${who}`}
          >
            {t(isNew ? 'me.heard' : 'me.asNew')}
          </Button>
          <Button
            size="xs"
            variant="light"
            color="red"
            aria-label={`${t('actions.delete')}: ${who}`}
            onClick={() =>
              confirm(t, {
                title: t('told.deleteWhat', { what: who }),
                text: t('me.deleteText'),
                does: t('actions.delete'),
                onYes: () => act.mutate(() => got(api.DELETE('/api/v1/me/messages/{message}', { params: { path } }))),
              })
            }
          >
            {t('actions.delete')}
          </Button>
        </Group>
      </Group>
      {playing && (
        // What a caller says has no captions.
        <audio
          controls
          autoPlay
          src={`/api/v1/me/messages/${message.id}/audio`}
          onEnded={() => isNew && setHeard(true)}
          style={{ width: '100%', marginTop: 8 }}
        />
      )}
    </Card>
  )
}
