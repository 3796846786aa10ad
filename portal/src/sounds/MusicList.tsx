import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Alert, Select, Skeleton, Slider, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { useExtensions } from '../extensions/extensions'
import '../i18n/parts/sounds'
import { inWords, tell } from '../parts/problems'
import { MusicPiece } from './MusicPiece'
import { moved } from './order'
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
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const placeOf = (file: unknown) => pieces.findIndex((it) => it.file === file)
  const nameOf = (file: unknown) => pieces[placeOf(file)]?.name ?? ''

  function dropped({ active, over }: DragEndEvent) {
    if (over !== null && over.id !== active.id) onPut(String(active.id), placeOf(over.id))
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={dropped}
      accessibility={{
        screenReaderInstructions: { draggable: t('music.order') },
        announcements: {
          onDragStart: ({ active }) => t('music.taken', { name: nameOf(active.id) }),
          onDragOver: ({ active, over }) => (over ? moveWords(active.id, over.id) : undefined),
          onDragEnd: ({ active, over }) => (over ? moveWords(active.id, over.id) : undefined),
          onDragCancel: ({ active }) => t('music.back', { name: nameOf(active.id) }),
        },
      }}
    >
      <Text size="sm" c="dimmed">
        {t('music.order')}
      </Text>
      <SortableContext items={pieces.map((it) => it.file)} strategy={verticalListSortingStrategy}>
        <ol style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8, maxWidth: 720 }}>
          {pieces.map((piece, index) => (
            <MusicPiece key={piece.file} account={account} piece={piece} index={index} count={pieces.length} onPut={onPut} />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  )

  function moveWords(file: unknown, over: unknown): string {
    return t('music.moved', { name: nameOf(file), position: placeOf(over) + 1, count: pieces.length })
  }
}
