import { ActionIcon, Alert, Button, Group, Menu, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconDots, IconMessage2 } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { dateTime, duration } from '../i18n/format'
import '../i18n/parts/sounds'
import { confirm } from '../parts/confirm'
import { ListExport, ListHead, useList } from '../parts/list'
import { Player } from '../parts/Player'
import { inWords, tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { WideTable } from '../parts/WideTable'
import { SoundCopy } from './SoundCopy'
import { SoundEdit } from './SoundEdit'
import { type Sound, soundAddress, useSounds } from './sounds'
import { SpeechDialog } from './SpeechDialog'
import { Uploader } from './Uploader'

/** Every sound of a customer: uploads, recordings, greetings and copies. */
export function SoundList({ account }: { account: number }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const sounds = useSounds(account)
  const [search, setSearch] = useState('')
  const [speaking, setSpeaking] = useState(false)
  const wanted = search.trim().toLowerCase()
  const found = (sounds.data ?? []).filter((it) => `${it.name} ${it.note}`.toLowerCase().includes(wanted))
  const list = useList(found, [
    { title: t('sounds.name'), of: (it) => it.name },
    { title: t('sounds.length'), of: (it) => it.seconds },
    { title: t('sounds.origin'), of: (it) => t(`sounds.origins.${it.origin}`) },
    { title: t('sounds.made'), of: (it) => it.created },
  ])
  return (
    <Stack>
      <Uploader<Sound>
        address={`/api/v1/accounts/${account}/sounds`}
        onAdded={() => void queries.invalidateQueries({ queryKey: ['sounds', account] })}
      />
      <Group align="flex-end" justify="space-between">
        <TextInput label={t('sounds.search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} w={320} />
        <ListExport list={list} name="sounds" />
        <Button variant="light" leftSection={<IconMessage2 size={16} aria-hidden />} onClick={() => setSpeaking(true)}>
          {t('sounds.say')}
        </Button>
      </Group>
      {sounds.error && <Alert color="red">{inWords(sounds.error, t)}</Alert>}
      {sounds.isPending ? (
        <Skeleton h={160} />
      ) : found.length === 0 ? (
        !sounds.error && <Text c="dimmed">{wanted ? t('app.nothingFound') : t('sounds.none')}</Text>
      ) : (
        <WideTable label={t('sounds.sounds')} minWidth={620}>
          <Table highlightOnHover>
            <ListHead list={list} more={<Table.Td />} />
            <Table.Tbody>
              {list.rows.map((sound) => (
                <Row key={sound.file} account={account} sound={sound} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {speaking && <SpeechDialog account={account} onClose={() => setSpeaking(false)} />}
    </Stack>
  )
}

function Row({ account, sound }: { account: number; sound: Sound }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [doing, setDoing] = useState<'edit' | 'copy' | null>(null)
  const remove = useChange({
    run: (file: string, despite) =>
      got(
        api.DELETE('/api/v1/accounts/{account}/sounds/{file}', {
          params: { path: { account, file }, query: { despite_expectations: despite } },
        }),
      ),
    onDone: () => {
      void queries.invalidateQueries({ queryKey: ['sounds', account] })
      tellDone(t('told.deleted'))
    },
  })

  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Player address={soundAddress(account, sound.file)} name={sound.name} />
          <div>
            {sound.name}
            {sound.note && (
              <Text size="xs" c="dimmed" lineClamp={2}>
                {sound.note}
              </Text>
            )}
          </div>
        </Group>
      </Table.Td>
      <Table.Td>{duration(sound.seconds)}</Table.Td>
      <Table.Td>
        {t(`sounds.origins.${sound.origin}`)}
        <Text size="xs" c="dimmed">
          {sound.maker}
        </Text>
      </Table.Td>
      <Table.Td>{dateTime(sound.created)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" size="lg" aria-label={t('sounds.moreOf', { name: sound.name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDoing('edit')}>{t('sounds.rename')}</Menu.Item>
              <Menu.Item onClick={() => setDoing('copy')}>{t('sounds.copy')}</Menu.Item>
              <Menu.Item component="a" href={soundAddress(account, sound.file)} download={`${sound.name}.wav`}>
                {t('sounds.download')}
              </Menu.Item>
              <Menu.Item
                color="red"
                onClick={() =>
                  confirm(t, {
                    title: t('told.deleteWhat', { what: sound.name }),
                    text: t('sounds.deleteText'),
                    does: t('actions.delete'),
                    onYes: () => remove.start(sound.file),
                  })
                }
              >
                {t('actions.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
        {doing === 'edit' && <SoundEdit account={account} of="sounds" file={sound.file} onClose={() => setDoing(null)} />}
        {doing === 'copy' && <SoundCopy account={account} file={sound.file} onClose={() => setDoing(null)} />}
        {remove.dialog}
      </Table.Td>
    </Table.Tr>
  )
}
