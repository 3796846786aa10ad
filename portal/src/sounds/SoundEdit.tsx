import { Alert, Button, Group, Skeleton, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, gotVersion, type Versioned } from '../api/client'
import '../i18n/parts/sounds'
import { Dialog } from '../parts/Dialog'
import { inWords, tellDone } from '../parts/problems'
import { useMergedSave } from '../parts/useMergedSave'
import type { JsonObject } from '../schema-form/schema'

interface Props {
  account: number
  file: string
  of: 'sounds' | 'music'
  onClose: () => void
}

async function read(account: number, file: string, of: Props['of']): Promise<Versioned<JsonObject>> {
  const params = { params: { path: { account, file } } }
  if (of === 'music') {
    const { value, etag } = await gotVersion(api.GET('/api/v1/accounts/{account}/music/{file}', params))
    return { value: { name: value.name }, etag }
  }
  const { value, etag } = await gotVersion(api.GET('/api/v1/accounts/{account}/sounds/{file}', params))
  return { value: { name: value.name, note: value.note ?? '' }, etag }
}

/** What a sound is called, and what somebody noted about it. */
export function SoundEdit({ account, file, of, onClose }: Props) {
  const { t } = useTranslation()
  const stored = useQuery({
    queryKey: ['sound version', of, account, file],
    queryFn: () => read(account, file, of),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Dialog opened onClose={onClose} title={of === 'music' ? t('sounds.name') : t('sounds.rename')}>
      {stored.error ? (
        <Alert color="red">{inWords(stored.error, t)}</Alert>
      ) : stored.data === undefined ? (
        <Skeleton h={140} />
      ) : (
        <EditForm account={account} file={file} of={of} onClose={onClose} base={stored.data} />
      )}
    </Dialog>
  )
}

function EditForm({ account, file, of, onClose, base }: Props & { base: Versioned<JsonObject> }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(base.value)
  const save = useMergedSave<unknown>({
    name: (path) => t(`sounds.${path[0] ?? 'name'}`),
    read: () => read(account, file, of),
    write: (value, etag, despite) => {
      const request = {
        params: {
          path: { account, file },
          header: { 'if-match': etag },
          query: { despite_expectations: despite },
        },
        body: value as never,
      }
      return of === 'music'
        ? gotVersion(api.PATCH('/api/v1/accounts/{account}/music/{file}', request))
        : gotVersion(api.PATCH('/api/v1/accounts/{account}/sounds/{file}', request))
    },
    onSaved: () => {
      void queries.invalidateQueries({ queryKey: [of, account] })
      tellDone(t('told.saved'))
      onClose()
    },
  })

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.save(base, draft)
      }}
    >
      <Stack>
        <TextInput
          label={t('sounds.name')}
          required
          maxLength={80}
          data-autofocus
          error={save.fields['/name']}
          value={String(draft.name ?? '')}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        {of === 'sounds' && (
          <Textarea
            label={t('sounds.note')}
            autosize
            minRows={2}
            maxLength={2000}
            error={save.fields['/note']}
            value={String(draft.note ?? '')}
            onChange={(event) => setDraft({ ...draft, note: event.currentTarget.value })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button type="submit" loading={save.busy}>
            {t('actions.save')}
          </Button>
        </Group>
      </Stack>
      {save.dialog}
    </form>
  )
}
