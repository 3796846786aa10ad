import { Alert, Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, Unreachable } from '../api/client'
import { Cancelled, type Upload, upload } from '../api/upload'
import { locale } from '../i18n/format'
import '../i18n/parts/sounds'
import { inWords, tellDone } from '../parts/problems'
import { LARGEST } from './sounds'
import looks from './Uploader.module.css'

interface Props<T> {
  address: string
  /** Further fields of the form. */
  fields?: Record<string, string>
  onAdded: (made: T) => void
  /** One file only, in a form with more. */
  single?: boolean
}

/** Takes sound files, by drag or by choice; shows how much has been sent, and says why one is refused. */
export function Uploader<T extends { name: string }>({ address, fields = {}, onAdded, single = false }: Props<T>) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<{ name: string; share: number } | null>(null)
  const [refused, setRefused] = useState<{ name: string; why: string }[]>([])
  /** What could not be sent now: nobody was signed in, or nobody there. */
  const [later, setLater] = useState<File[]>([])
  const current = useRef<Upload<T> | null>(null)

  async function send(files: File[]) {
    setRefused([])
    setLater([])
    const wanted = single ? files.slice(0, 1) : files
    for (const [place, file] of wanted.entries()) {
      const next = await sendOne(file)
      if (next === 'later') setLater(wanted.slice(place))
      if (next !== 'next') break
    }
    setSending(null)
  }

  /** What becomes of the ones behind it. */
  async function sendOne(file: File): Promise<'next' | 'stop' | 'later'> {
    if (file.size > LARGEST) {
      setRefused((before) => [...before, { name: file.name, why: t('sounds.tooBig') }])
      return 'next'
    }
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', file)
    setSending({ name: file.name, share: 0 })
    current.current = upload<T>(address, form, (share) => setSending({ name: file.name, share }))
    try {
      const made = await current.current.done
      tellDone(t('sounds.added', { name: made.name }))
      onAdded(made)
      return 'next'
    } catch (problem) {
      if (problem instanceof Cancelled) return 'stop'
      setRefused((before) => [...before, { name: file.name, why: inWords(problem, t) }])
      const passes = problem instanceof Unreachable || (problem instanceof Refused && problem.isSignedOut)
      return passes ? 'later' : 'next'
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    if (sending === null) void send([...event.dataTransfer.files])
  }

  const share = new Intl.NumberFormat(locale(), { style: 'percent' }).format(sending?.share ?? 0)
  return (
    <div
      className={`${looks.zone} ${over ? looks.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack gap="xs">
        {sending === null ? (
          <Group gap="xs">
            <IconUpload size={20} aria-hidden />
            <Text>{t('sounds.drop')}</Text>
            <FileButton
              multiple
              accept="audio/*,.mp3,.wav,.flac,.ogg"
              onChange={(files) => void send(files)}
              inputProps={{ 'aria-label': t('sounds.choose') }}
            >
              {(props) => (
                <Button {...props} variant="light" size="xs">
                  {t('sounds.choose')}
                </Button>
              )}
            </FileButton>
          </Group>
        ) : (
          <Group wrap="nowrap">
            <Stack gap={4} flex={1}>
              <Text size="sm" role="status">
                {sending.share < 1
                  ? t('sounds.sending', { name: sending.name, share })
                  : t('sounds.converting', { name: sending.name })}
              </Text>
              <Progress
                value={sending.share * 100}
                animated={sending.share === 1}
                aria-label={sending.name}
                aria-valuetext={share}
              />
            </Stack>
            <Button size="xs" variant="default" onClick={() => current.current?.cancel()}>
              {t('sounds.stop')}
            </Button>
          </Group>
        )}
        <Text size="xs" c="dimmed">
          {t('sounds.limits')}
        </Text>
        {refused.map(({ name, why }) => (
          <Alert key={name} color="red" role="alert" title={t('sounds.refused', { name })} p="xs">
            {why}
          </Alert>
        ))}
        {sending === null && later.length > 0 && (
          <Button size="xs" variant="light" onClick={() => void send(later)}>
            {t('actions.retry')}
          </Button>
        )}
      </Stack>
    </div>
  )
}
