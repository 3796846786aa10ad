import { Button, Group, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import '../i18n/parts/sounds'
import { Dialog } from '../parts/Dialog'
import { tell, tellDone } from '../parts/problems'
import { useChange } from '../parts/useChange'
import { DestinationField } from '../schema-form/DestinationField'

/** Has an extension play a copy of a sound. */
export function SoundCopy({ account, file, onClose }: { account: number; file: string; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [extension, setExtension] = useState<string | null>(null)
  const [problem, setProblem] = useState<string>()
  const copy = useChange({
    run: (chosen: string, despite) =>
      got(
        api.POST('/api/v1/accounts/{account}/sounds/{file}/copy', {
          params: { path: { account, file }, query: { despite_expectations: despite } },
          body: { extension: chosen },
        }),
      ),
    onDone: () => {
      for (const changed of ['sounds', 'extensions', 'extension']) {
        void queries.invalidateQueries({ queryKey: [changed, account] })
      }
      tellDone(t('sounds.copied'))
      onClose()
    },
    onRefused: (refusal) => tell(refusal, t),
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (extension === null) setProblem(t('form.required'))
    else copy.start(extension)
  }

  return (
    <Dialog opened onClose={onClose} title={t('sounds.copy')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('sounds.copyText')}</Text>
          <DestinationField
            account={account}
            fixed
            label={t('sounds.extension')}
            required
            value={extension}
            error={copy.fields['/extension'] ?? problem}
            onChange={(chosen) => {
              setExtension(chosen)
              setProblem(undefined)
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={copy.busy}>
              {t('sounds.copy')}
            </Button>
          </Group>
        </Stack>
      </form>
      {copy.dialog}
    </Dialog>
  )
}
