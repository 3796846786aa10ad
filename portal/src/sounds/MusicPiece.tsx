import { useSortable } from '@dnd-kit/sortable'
import { ActionIcon, Group, Menu, Paper, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconDots, IconGripVertical } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { duration, number } from '../i18n/format'
import '../i18n/parts/sounds'
import { confirm } from '../parts/confirm'
import { Player } from '../parts/Player'
import { tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { SoundEdit } from './SoundEdit'
import { type Music, musicAddress } from './sounds'

interface Props {
  account: number
  piece: Music
  index: number
  count: number
  onPut: (file: string, to: number) => void
}

/** A piece of music in its place. */
export function MusicPiece({ account, piece, index, count, onPut }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [editing, setEditing] = useState(false)
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({ id: piece.file })
  const remove = useChange({
    run: (file: string, despite) =>
      got(
        api.DELETE('/api/v1/accounts/{account}/music/{file}', {
          params: { path: { account, file }, query: { despite_expectations: despite } },
        }),
      ),
    onDone: () => {
      void queries.invalidateQueries({ queryKey: ['music', account] })
      tellDone(t('told.deleted'))
    },
  })

  return (
    <Paper
      component="li"
      withBorder
      px="xs"
      py={6}
      ref={setNodeRef}
      style={{
        transform: transform ? `translate(0, ${Math.round(transform.y)}px)` : undefined,
        transition,
        zIndex: isDragging ? 1 : undefined,
        position: 'relative',
      }}
      shadow={isDragging ? 'md' : undefined}
    >
      <Group justify="space-between" gap="xs">
        <Group gap="xs" wrap="nowrap" flex="1 1 180px">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            style={{ cursor: 'grab', touchAction: 'none' }}
            {...attributes}
            {...listeners}
            aria-label={t('music.handle', { name: piece.name })}
          >
            <IconGripVertical size={18} />
          </ActionIcon>
          <div>
            <Text>{piece.name}</Text>
            <Text size="xs" c="dimmed">
              {duration(piece.seconds)}
              {piece.volume !== 0 &&
                ` · ${t('music.decibel', { volume: (piece.volume > 0 ? '+' : '') + number(piece.volume, 1) })}`}
            </Text>
          </div>
        </Group>
        <Group gap={4} wrap="nowrap">
          <Player address={musicAddress(account, piece.file)} name={piece.name} />
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" size="lg" aria-label={t('sounds.moreOf', { name: piece.name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconArrowUp size={16} aria-hidden />}
                disabled={index === 0}
                onClick={() => onPut(piece.file, index - 1)}
              >
                {t('actions.up')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconArrowDown size={16} aria-hidden />}
                disabled={index === count - 1}
                onClick={() => onPut(piece.file, index + 1)}
              >
                {t('actions.down')}
              </Menu.Item>
              <Menu.Item onClick={() => setEditing(true)}>{t('actions.edit')}</Menu.Item>
              <Menu.Item
                color="red"
                onClick={() =>
                  confirm(t, {
                    title: t('told.deleteWhat', { what: piece.name }),
                    text: t('music.deleteText'),
                    does: t('actions.delete'),
                    onYes: () => remove.start(piece.file),
                  })
                }
              >
                {t('actions.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {editing && <SoundEdit account={account} of="music" file={piece.file} onClose={() => setEditing(false)} />}
      {remove.dialog}
    </Paper>
  )
}
