import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused, type Schemas } from '../api/client'
import { usePerson } from '../app/Session'
import { confirm } from '../parts/confirm'
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
  const off = useMutation({
    mutationFn: () => got(api.DELETE('/api/v1/session/second-factor')),
    onSuccess: () => {
      tellDone(t('myself.factorOff'))
      again()
    },
    onError: (problem) => tell(problem, t),
  })
  return (
    <Stack maw={560}>
      <Title order={2} size="h3">
        {t('myself.factor')}
      </Title>
      <Text size="sm">{person.second_factor ? t('myself.factorIsOn') : t('myself.factorIsOff')}</Text>
      {proposed === null ? (
        <Group>
          <Button variant="default" loading={propose.isPending} onClick={() => propose.mutate()}>
            {person.second_factor ? t('myself.factorNew') : t('myself.factorSwitchOn')}
          </Button>
          {person.second_factor && (
            <Button
              variant="light"
              color="red"
              onClick={() =>
                confirm(t, {
                  title: t('myself.factorSwitchOff'),
                  text: t('myself.factorOffText'),
                  does: t('myself.factorSwitchOff'),
                  onYes: () => off.mutate(),
                })
              }
            >
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
  const { size, path } = qrPath(address)
  const on = useMutation({
    mutationFn: () => got(api.PUT('/api/v1/session/second-factor', { body: { secret, code } })),
    onSuccess: props.onDone,
  })
  const failed = useStanding(on.error)
  const wrong = failed instanceof Refused ? Object.values(failed.fields).join(' ') : ''
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
          error={failed ? wrong || inWords(failed, t) : undefined}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          w={240}
        />
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
