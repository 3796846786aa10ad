import './stylesLater'
import { Alert, Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got } from '../api/client'
import { Centred } from '../parts/Centred'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'

/** Where the links in invitations lead; the secret stands behind the #, which browsers send to nobody. */
export function ChoosePassword() {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState<unknown>(null)
  const problem = useStanding(refused)
  const [done, setDone] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setRefused(null)
    try {
      await got(api.POST('/api/v1/session/chosen', { body: { link: location.hash.slice(1), password } }))
      setDone(true)
    } catch (refusal) {
      setRefused(refusal)
    }
  }

  return (
    <Centred title={t('signIn.choose')}>
      {done ? (
        <Stack>
          <Alert role="status">{t('signIn.chosen')}</Alert>
          <Anchor href="/">{t('signIn.toSignIn')}</Anchor>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            {problem !== null && (
              <Alert color="red" role="alert">
                {inWords(problem, t)}
              </Alert>
            )}
            <PasswordInput
              label={t('signIn.password')}
              description={t('signIn.rule')}
              autoComplete="new-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit">{t('actions.save')}</Button>
            <Text size="sm">
              <Anchor href="/">{t('signIn.toSignIn')}</Anchor>
            </Text>
          </Stack>
        </form>
      )}
    </Centred>
  )
}
