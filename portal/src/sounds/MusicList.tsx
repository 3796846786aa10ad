import { Alert, Select, Skeleton, Slider, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { useExtensions } from '../extensions/extensions'
import '../i18n/parts/sounds'
import { inWords, tell } from '../parts/problems'
import { Sortable } from '../parts/Sortable'
import { MusicPiece } from './MusicPiece'
import { moved } from '../parts/moved'
import { type Music, useMusic } from './sounds'
import { Uploader } from './Uploader'

/** The playlists: the customer's own, and those of queues. */
export function MusicList({ account }: { account: number }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const queues = (useExtensions(account).data ?? []).filter((it) => it.kind === 'queue')
  const [queue, setQueue] = useState('')
  const [volume, setVolume] = useState(0)
  const music = useMusic(account, queue)
  const key = ['music', account, queue]
  const order = useMutation({
    mutationFn: (files: string[]) =>
      got(api.PUT('/api/v1/accounts/{account}/music/order', { params: { path: { account } }, body: { queue, files } })),
    onSuccess: (pieces) => queries.setQueryData(key, pieces),
    onError: (problem) => {
      tell(problem, t)
      void queries.invalidateQueries({ queryKey: key })
    },
  })
  const pieces = music.data ?? []

  function put(file: string, to: number) {
    const changed = moved(
      pieces,
      pieces.findIndex((it) => it.file === file),
      to,
    )
    queries.setQueryData(key, changed)
    order.mutate(changed.map((it) => it.file))
  }

  return (
    <Stack>
      <Select
        label={t('music.playlist')}
        data={[
          { value: '', label: t('music.account') },
          ...queues.map((it) => ({ value: it.number, label: t('music.queue', { name: `${it.number} ${it.name}` }) })),
        ]}
        value={queue}
        allowDeselect={false}
        onChange={(chosen) => setQueue(chosen ?? '')}
        maw={420}
      />
      <div>
        <Text size="sm" fw={500} id="volume">
          {t('music.volume')}: {t('music.decibel', { volume })}
        </Text>
        <Slider
          min={-30}
          max={12}
          value={volume}
          onChange={setVolume}
          label={(value) => t('music.decibel', { volume: value })}
          thumbProps={{ 'aria-labelledby': 'volume' }}
          maw={420}
        />
      </div>
      <Uploader<Music>
        address={`/api/v1/accounts/${account}/music`}
        fields={{ queue, volume: String(volume) }}
        onAdded={() => void queries.invalidateQueries({ queryKey: key })}
      />
      {music.error && <Alert color="red">{inWords(music.error, t)}</Alert>}
      {music.isPending ? (
        <Skeleton h={120} />
      ) : pieces.length === 0 ? (
        !music.error && <Text c="dimmed">{queue ? t('music.noneQueue') : t('music.none')}</Text>
      ) : (
        <Pieces account={account} pieces={pieces} onPut={put} />
      )}
    </Stack>
  )
}

function Pieces({ account, pieces, onPut }: { account: number; pieces: Music[]; onPut: (file: string, to: number) => void }) {
  const { t } = useTranslation()
  const files = pieces.map((it) => it.file)
  return (
    <Stack gap="xs" maw={720}>
      <Text size="sm" c="dimmed">
        {t('music.order')}
      </Text>
      <Sortable
        ids={files}
        nameOf={(file) => pieces.find((it) => it.file === file)?.name ?? ''}
        onMove={(from, to) => onPut(files[from] ?? '', to)}
      >
        {pieces.map((piece, index) => (
          <MusicPiece key={piece.file} account={account} piece={piece} index={index} count={pieces.length} onPut={onPut} />
        ))}
      </Sortable>
    </Stack>
  )
}
