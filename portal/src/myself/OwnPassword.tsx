import { Alert, Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused } from '../api/client'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'

export function OwnPassword() {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/session/password', { body: { current, password } })),
    onSuccess: () => location.assign('/'), // signed out, here too
  })
  const failed = useStanding(save.error)
  const fields = failed instanceof Refused ? failed.fields : {}
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack maw={400}>
        <Title order={2} size="h3">
          {t('myself.password')}
        </Title>
        <Text size="sm">{t('myself.passwordText')}</Text>
        {failed && Object.keys(fields).length === 0 && (
          <Alert color="red" role="alert">
            {inWords(failed, t)}
          </Alert>
        )}
        <PasswordInput
          label={t('myself.current')}
          autoComplete="current-password"
          required
          error={fields['/current']}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('myself.wanted')}
          description={t('signIn.rule')}
          autoComplete="new-password"
          required
          error={fields['/password']}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} w="fit-content">
          {t('myself.change')}
        </Button>
      </Stack>
    </form>
  )
}
