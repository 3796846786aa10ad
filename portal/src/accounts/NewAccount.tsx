import '../app/stylesLater'
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, got, Refused } from '../api/client'
import { Dialog } from '../parts/Dialog'
import { inWords, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import { useFocusOnProblem } from '../parts/useFocusOnProblem'

/** Asks for the number and name of a new customer, and goes there. */
export function NewAccount({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const [number, setNumber] = useState('')
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => got(api.POST('/api/v1/accounts', { body: { number, name } as never })),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['accounts'] })
      tellDone(t('told.created'))
      onDone()
      void go(`/accounts/${made.id}`)
    },
  })
  const failed = useStanding(make.error)
  const form = useFocusOnProblem(failed)
  const fields = failed instanceof Refused ? failed.fields : {}
  const elsewhere = failed && Object.keys(fields).length === 0
  return (
    <Dialog opened onClose={onDone} title={t('accounts.new')}>
      <form
        ref={form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack>
          {elsewhere && (
            <Alert color="red" role="alert">
              {inWords(failed, t)}
            </Alert>
          )}
          <TextInput
            label={t('accounts.number')}
            required
            data-autofocus
            error={fields['/number']}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            label={t('accounts.name')}
            required
            error={fields['/name']}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onDone}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('actions.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
