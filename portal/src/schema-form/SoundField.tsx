// A sound in a form: choose one, hear it, upload one right here, or have a text made into one.
import { Button, Collapse, Group, Select, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import '../i18n/parts/sounds'
import { part } from '../parts/part'
import { Player } from '../parts/Player'
import { type Sound, soundAddress, useSounds } from '../sounds/sounds'
import { Uploader } from '../sounds/Uploader'
import { Recording } from './Recording'

const SpeechDialog = part(() => import('../sounds/SpeechDialog'), 'SpeechDialog')

interface Props {
  account: number
  label: string
  description?: string
  error?: string
  required?: boolean
  optional: boolean
  value: string | null
  onChange: (file: string | null) => void
}

export function SoundField({ account, optional, value, onChange, ...shared }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const sounds = useSounds(account).data ?? []
  const [adding, setAdding] = useState<'file' | 'text' | 'phone' | null>(null)
  const chosen = sounds.find((it) => it.file === value)

  const take = useCallback(
    (sound: Sound) => {
      void queries.invalidateQueries({ queryKey: ['sounds', account] })
      setAdding(null)
      onChange(sound.file)
    },
    [queries, account, onChange],
  )

  return (
    <Stack gap={6} maw={480}>
      <Select
        {...shared}
        searchable
        placeholder={t('sounds.noSound')}
        nothingFoundMessage={t('app.nothingFound')}
        data={sounds.map((it) => ({ value: it.file, label: it.name }))}
        value={value}
        onChange={onChange}
        clearable={optional}
        allowDeselect={optional}
      />
      <Group gap="xs">
        {chosen && <Player key={chosen.file} address={soundAddress(account, chosen.file)} name={chosen.name} />}
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setAdding(adding === 'file' ? null : 'file')}
          aria-expanded={adding === 'file'}
        >
          {t('form.upload')}
        </Button>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setAdding(adding === 'phone' ? null : 'phone')}
          aria-expanded={adding === 'phone'}
        >
          {t('form.recordByPhone')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => setAdding('text')}>
          {t('sounds.say')}
        </Button>
      </Group>
      <Collapse expanded={adding === 'file'}>
        {adding === 'file' && <Uploader<Sound> single address={`/api/v1/accounts/${account}/sounds`} onAdded={take} />}
      </Collapse>
      {adding === 'phone' && <Recording account={account} onMade={take} />}
      {adding === 'text' && (
        <Suspense>
          <SpeechDialog account={account} onClose={() => setAdding(null)} onMade={take} />
        </Suspense>
      )}
    </Stack>
  )
}
