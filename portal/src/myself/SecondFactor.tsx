import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused, type Schemas } from '../api/client'
import { usePerson } from '../app/Session'
import { inWords, tell, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import { Copied } from '../things/Secret'
import { qrPath } from './qr'

/** A code of an authenticator app besides the password. */
export function SecondFactor() {
  const { t } = useTranslation()
  const person = usePerson()
  const queries = useQueryClient()
  const [proposed, setProposed] = useState<Schemas['Proposed'] | null>(null)
  const again = () => void queries.invalidateQueries({ queryKey: ['session'] })
  const propose = useMutation({
    mutationFn: () => got(api.GET('/api/v1/session/second-factor')),
    onSuccess: setProposed,
    onError: (problem) => tell(problem, t),
  })
  const [ending, setEnding] = useState(false)
  return (
    <Stack maw={560}>
      <Title order={2} size="h3">
        {t('myself.factor')}
      </Title>
      <Text size="sm">{person.second_factor ? t('myself.factorIsOn') : t('myself.factorIsOff')}</Text>
      {ending ? (
        <SwitchingOff
          onCancel={() => setEnding(false)}
          onDone={() => {
            setEnding(false)
            tellDone(t('myself.factorOff'))
            again()
          }}
        />
      ) : proposed === null ? (
        <Group>
          <Button variant="default" loading={propose.isPending} onClick={() => propose.mutate()}>
            {person.second_factor ? t('myself.factorNew') : t('myself.factorSwitchOn')}
          </Button>
          {person.second_factor && (
            <Button variant="light" color="red" onClick={() => setEnding(true)}>
              {t('myself.factorSwitchOff')}
            </Button>
          )}
        </Group>
      ) : (
        <Confirming
          proposed={proposed}
          onCancel={() => setProposed(null)}
          onDone={() => {
            setProposed(null)
            tellDone(t('myself.factorOn'))
            again()
          }}
        />
      )}
    </Stack>
  )
}

function Confirming(props: { proposed: Schemas['Proposed']; onCancel: () => void; onDone: () => void }) {
  const { secret, address } = props.proposed
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const [current, setCurrent] = useState('')
  const { size, path } = qrPath(address)
  const on = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/session/second-factor', { body: { current, secret, code } })),
    onSuccess: props.onDone,
  })
  const failed = useStanding(on.error)
  const fields = failed instanceof Refused ? failed.fields : {}
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        on.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('myself.scan')}</Text>
        <svg viewBox={`0 0 ${size} ${size}`} width={220} height={220} role="img" aria-label={t('myself.qr')}>
          <rect width={size} height={size} fill="#fff" />
          <path d={path} fill="#000" shapeRendering="crispEdges" />
        </svg>
        <Copied label={t('myself.secret')} value={secret} />
        <TextInput
          label={t('signIn.code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          error={fields['/code'] ?? fields['/secret']}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          w={240}
        />
        <Present error={fields['/current']} value={current} onChange={setCurrent} />
        {failed && Object.keys(fields).length === 0 && (
          <Alert color="red" role="alert">
            {inWords(failed, t)}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={on.isPending}>
            {t('myself.factorSwitchOn')}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {t('actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Whoever finds a browser that somebody left must not be able to take the code away. */
function SwitchingOff(props: { onCancel: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const off = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/session/second-factor/off', { body: { current } })),
    onSuccess: props.onDone,
  })
  const failed = useStanding(off.error)
  const fields = failed instanceof Refused ? failed.fields : {}
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        off.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('myself.factorOffText')}</Text>
        <Present error={fields['/current'] ?? (failed ? inWords(failed, t) : undefined)} value={current} onChange={setCurrent} />
        <Group>
          <Button type="submit" color="red" loading={off.isPending}>
            {t('myself.factorSwitchOff')}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {t('actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Present(props: { value: string; error: string | undefined; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  return (
    <PasswordInput
      label={t('myself.current')}
      autoComplete="current-password"
      required
      error={props.error}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      w={240}
    />
  )
}
