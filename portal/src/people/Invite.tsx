import { Alert, Button, Skeleton, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, got, Refused } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { language } from '../i18n/words'
import '../i18n/parts/people'
import { inWords } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import type { JsonObject, Schema } from '../schema-form/schema'
import { filled, useForm } from '../things/form'
import { Copied } from '../things/Secret'
import { ThingForm } from '../things/ThingForm'
import { usePartners } from '../partners/partners'
import { toInvite, withPartners, withRoles } from './form'
import { rolesToGive } from './people'

/** Invites somebody, then shows the link once. */
export function Invite({ account, onDone }: { account: number | undefined; onDone: () => void }) {
  const { t } = useTranslation()
  const person = usePerson()
  const queries = useQueryClient()
  const schema = useForm('web_user').data
  const [link, setLink] = useState<string | null>(null)
  const ofPlatform = isAtLeast(person, 'platform')
  const partners = usePartners(ofPlatform && account === undefined).data ?? []
  const own = person.partner ?? null
  const place: JsonObject = account === undefined ? { partner: own === null ? null : String(own) } : { account }
  const make = useMutation({
    mutationFn: (value: JsonObject) => got(api.POST('/api/v1/web-users', { body: toInvite(filled(value)) as never })),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['people'] })
      setLink(made.link)
    },
  })
  const failed = useStanding(make.error)
  if (link !== null) {
    return (
      <Stack>
        <TheLink link={link} />
        <Button onClick={onDone} w="fit-content">
          {t('actions.close')}
        </Button>
      </Stack>
    )
  }
  if (schema === undefined) return <Skeleton h={200} />
  const fields = failed instanceof Refused ? failed.fields : {}
  return (
    <ThingForm
      schema={withPartners(withRoles(schema as Schema, rolesToGive(person.role, account !== undefined)), partners)}
      account={account ?? 0}
      begin={{ ...place, language: language(), role: account === undefined ? person.role : 'account' }}
      fields={
        account === undefined
          ? ['name', 'email', 'language', 'role', ...(ofPlatform ? ['partner'] : [])]
          : ['name', 'email', 'language', 'role', 'extension', 'rights']
      }
      problems={fields}
      problem={failed && Object.keys(fields).length === 0 ? inWords(failed, t) : undefined}
      busy={make.isPending}
      onSave={(value) => make.mutate(value)}
      save={t('people.invite')}
    />
  )
}

export function TheLink({ link }: { link: string }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <Alert variant="default" role="status" title={t('people.link')}>
        {t('people.linkText')}
      </Alert>
      <Copied label={t('people.link')} value={link} />
    </Stack>
  )
}
