import { Alert, Button, NumberInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused, type Schemas } from '../api/client'
import { inWords, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'

type Stored = Schemas['UserForwards']

/** Where one's calls go instead. */
export function Forwards({ stored }: { stored: Stored }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [value, setValue] = useState(stored)
  const save = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/me/forwards', { body: value })),
    onSuccess: (me) => {
      tellDone(t('told.saved'))
      queries.setQueryData(['me'], me)
    },
  })
  const failed = useStanding(save.error)
  const fields = failed instanceof Refused ? failed.fields : {}
  const wrong = (name: string) => Object.entries(fields).find(([pointer]) => pointer.endsWith(`/${name}`))?.[1]
  const target = (name: 'always' | 'busy' | 'no_answer') => (
    <TextInput
      label={t(`me.${name}`)}
      inputMode="tel"
      placeholder={t('me.notForwarded')}
      error={wrong(name)}
      value={value[name] ?? ''}
      onChange={(event) => setValue({ ...value, [name]: event.currentTarget.value.trim() || null })}
      maw={320}
    />
  )
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        {failed && Object.keys(fields).length === 0 && (
          <Alert color="red" role="alert">
            {inWords(failed, t)}
          </Alert>
        )}
        {target('always')}
        {target('busy')}
        {target('no_answer')}
        <NumberInput
          label={t('me.after')}
          suffix={` ${t('form.seconds')}`}
          allowDecimal={false}
          min={1}
          error={wrong('no_answer_after')}
          value={value.no_answer_after}
          onChange={(seconds) => setValue({ ...value, no_answer_after: Number(seconds) })}
          w={220}
        />
        <Button type="submit" w="fit-content" loading={save.isPending}>
          {t('actions.save')}
        </Button>
      </Stack>
    </form>
  )
}
