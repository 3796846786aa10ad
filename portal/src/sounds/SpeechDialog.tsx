import { Alert, Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused } from '../api/client'
import { language } from '../i18n/words'
import '../i18n/parts/sounds'
import { Dialog } from '../parts/Dialog'
import { inWords, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import type { Sound } from './sounds'

const SPOKEN = ['nl', 'en', 'de', 'es', 'lv']

interface Props {
  account: number
  onClose: () => void
  onMade?: (sound: Sound) => void
}

/** A text that the exchange's own voice makes a sound of. */
export function SpeechDialog({ account, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const [spoken, setSpoken] = useState<string>(language())
  const make = useMutation({
    mutationFn: () =>
      got(
        api.POST('/api/v1/accounts/{account}/sounds/speech', {
          params: { path: { account } },
          body: { name: name.trim(), text, language: spoken, note: '' },
        }),
      ),
    onSuccess: (sound) => {
      void queries.invalidateQueries({ queryKey: ['sounds', account] })
      tellDone(t('sounds.added', { name: sound.name }))
      onMade?.(sound)
      onClose()
    },
  })
  const failed = useStanding(make.error)
  const fields = failed instanceof Refused ? failed.fields : {}

  function submit(event: FormEvent) {
    event.preventDefault()
    event.stopPropagation() // it may stand in the form of an extension
    make.mutate()
  }

  return (
    <Dialog opened onClose={onClose} title={t('sounds.say')} size="lg">
      <form onSubmit={submit}>
        <Stack>
          {failed && Object.keys(fields).length === 0 && (
            <Alert color="red" role="alert">
              {inWords(failed, t)}
            </Alert>
          )}
          <TextInput
            label={t('sounds.name')}
            required
            maxLength={80}
            data-autofocus
            error={fields['/name']}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label={t('sounds.text')}
            required
            autosize
            minRows={3}
            maxLength={2000}
            error={fields['/text']}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Select
            label={t('sounds.language')}
            data={SPOKEN.map((code) => ({
              value: code,
              label: new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code,
            }))}
            value={spoken}
            allowDeselect={false}
            onChange={(code) => setSpoken(code ?? 'nl')}
            w={220}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('sounds.speak')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
