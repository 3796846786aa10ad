import './stylesLater'
import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, got, Refused, type Schemas } from '../api/client'
import { Centred } from '../parts/Centred'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'

interface Props {
  onEnter: (signedIn: Schemas['SignedIn']) => void
  /** Of who was signed in until now. */
  email?: string
  /** Without a page around it. */
  bare?: boolean
}

/** E-mail address, password and, where it is on, a code. */
export function SignIn({ onEnter, email: known = '', bare = false }: Props) {
  const { t } = useTranslation()
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [step, setStep] = useState<'password' | 'code' | 'forgotten' | 'sent'>('password')
  const [refused, setRefused] = useState<unknown>(null)
  const problem = useStanding(refused)
  const [busy, setBusy] = useState(false)
  const ways = useQuery({ queryKey: ['ways'], queryFn: () => got(api.GET('/api/v1/session/ways')), staleTime: Infinity })
  const outside = bare ? null : new URLSearchParams(location.search).get('sign-in')

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setRefused(null)
    try {
      if (step === 'forgotten') {
        await got(api.POST('/api/v1/session/forgotten', { body: { email } }))
        setStep('sent')
      } else {
        onEnter(await got(api.POST('/api/v1/session', { body: { email, password, code: code || null } })))
        setPassword('')
      }
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.kind === 'code-needed') setStep('code')
      else setRefused(refusal)
    } finally {
      setBusy(false)
    }
  }

  const form = (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {problem !== null && (
          <Alert color="red" role="alert">
            {inWords(problem, t)}
          </Alert>
        )}
        {outside !== null && problem === null && (
          <Alert color="red" role="alert">
            {t(
              outside === 'unknown'
                ? 'signIn.outsideUnknown'
                : outside === 'away'
                  ? 'signIn.outsideAway'
                  : 'signIn.outsideRefused',
            )}
          </Alert>
        )}
        {step === 'sent' && <Alert role="status">{t('signIn.sent', { email })}</Alert>}
        <TextInput
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        {(step === 'password' || step === 'code') && (
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {step === 'code' && (
          <TextInput
            label={t('signIn.code')}
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            data-autofocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={busy} fullWidth>
          {step === 'forgotten' || step === 'sent' ? t('signIn.send') : t('signIn.go')}
        </Button>
        {ways.data?.outside && (
          <Button component="a" href="/api/v1/session/outside" variant="default" fullWidth>
            {t('signIn.with', { name: ways.data.outside })}
          </Button>
        )}
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => setStep(step === 'password' || step === 'code' ? 'forgotten' : 'password')}
        >
          {step === 'password' || step === 'code' ? t('signIn.forgotten') : t('signIn.toSignIn')}
        </Anchor>
      </Stack>
    </form>
  )
  return bare ? form : <Centred title={t('signIn.title')}>{form}</Centred>
}
