import { Alert, Anchor, Breadcrumbs, Button, Group, PasswordInput, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { useAccountId } from '../accounts/account'
import { api, got, gotVersion, Refused, type Versioned } from '../api/client'
import { isAtLeast } from '../app/roles'
import { usePerson } from '../app/Session'
import { confirm } from '../parts/confirm'
import { Merge } from '../parts/Merge'
import { inWords, tell, tellDone } from '../parts/problems'
import { SchemaForm } from '../schema-form/SchemaForm'
import { fresh, type Json, type JsonObject, type Schema } from '../schema-form/schema'
import { FormWorldProvider } from '../schema-form/world'
import { type Extension, type Kind, useKinds } from './extensions'
import { useKindTitle } from './kinds'
import { Surroundings } from './Surroundings'

/** One extension, whatever its kind. */
export function ExtensionPage() {
  const { t } = useTranslation()
  const account = useAccountId()
  const { number } = useParams()
  const [query] = useSearchParams()
  const person = usePerson()
  const kinds = useKinds().data
  const isNew = number === 'new'
  const stored = useQuery({
    queryKey: ['extension', account, number],
    queryFn: () =>
      gotVersion(
        api.GET('/api/v1/accounts/{account}/extensions/{number}', { params: { path: { account, number: number ?? '' } } }),
      ),
    enabled: !isNew,
    refetchOnWindowFocus: false, // nothing changes under somebody's hands
    staleTime: Infinity,
  })
  if (stored.error) return <Alert color="red">{inWords(stored.error, t)}</Alert>
  const name = isNew ? query.get('kind') : stored.data?.value.kind
  const kind = kinds?.find((it) => it.name === name)
  if (kind === undefined) return <Skeleton h={300} />
  return (
    <Stack gap="xl">
      <ExtensionForm key={number} account={account} kind={kind} stored={isNew ? null : (stored.data ?? null)} />
      {number !== undefined && !isNew && isAtLeast(person, 'account') && (
        <Surroundings account={account} number={number} kind={kind.name} />
      )}
    </Stack>
  )
}

interface Draft {
  number: string
  name: string
  pin: string
  settings: JsonObject
}

function ExtensionForm({ account, kind, stored }: { account: number; kind: Kind; stored: Versioned<Extension> | null }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const queries = useQueryClient()
  const person = usePerson()
  const titleOf = useKindTitle()
  const schema = kind.settings as Schema
  const defs = schema.$defs ?? {}
  const [base, setBase] = useState(stored)
  const [draft, setDraft] = useState<Draft>(() =>
    stored === null ? { number: '', name: '', pin: '', settings: fresh(schema, defs) as JsonObject } : draftOf(stored.value),
  )
  const [theirs, setTheirs] = useState<Versioned<Extension> | null>(null)

  const save = useMutation({
    mutationFn: async () => {
      const body = { name: draft.name, settings: draft.settings, ...(draft.pin ? { pin: draft.pin } : {}) }
      if (base === null) {
        return gotVersion(
          api.POST('/api/v1/accounts/{account}/extensions', {
            params: { path: { account } },
            body: { ...body, number: draft.number, kind: kind.name } as never,
          }),
        )
      }
      return gotVersion(
        api.PATCH('/api/v1/accounts/{account}/extensions/{number}', {
          params: { path: { account, number: base.value.number }, header: { 'if-match': base.etag } },
          body: body as never,
        }),
      )
    },
    onSuccess: (saved) => {
      tellDone(base === null ? t('told.created') : t('told.saved'))
      setBase(saved)
      setDraft(draftOf(saved.value))
      queries.setQueryData(['extension', account, saved.value.number], saved)
      void queries.invalidateQueries({ queryKey: ['extensions', account] })
      if (base === null) void go(`/accounts/${account}/extensions/${saved.value.number}`, { replace: true })
    },
    onError: async (refusal) => {
      if (!(refusal instanceof Refused) || refusal.problem.status !== 412 || base === null) return
      setTheirs(
        await gotVersion(
          api.GET('/api/v1/accounts/{account}/extensions/{number}', {
            params: { path: { account, number: base.value.number } },
          }),
        ),
      )
    },
  })
  const remove = useMutation({
    mutationFn: () =>
      got(
        api.DELETE('/api/v1/accounts/{account}/extensions/{number}', {
          params: { path: { account, number: base?.value.number ?? '' } },
        }),
      ),
    onSuccess: () => {
      tellDone(t('told.deleted'))
      void queries.invalidateQueries({ queryKey: ['extensions', account] })
      void go(`/accounts/${account}/extensions`)
    },
    onError: (problem) => tell(problem, t),
  })

  function askToDelete() {
    confirm(t, {
      title: t('told.deleteWhat', { what: `${draft.number} ${draft.name}` }),
      text: t('told.deleteSure'),
      does: t('actions.delete'),
      onYes: () => remove.mutate(),
    })
  }

  const problems = save.error instanceof Refused ? save.error.fields : {}
  const settingsProblems = Object.fromEntries(
    Object.entries(problems)
      .filter(([pointer]) => pointer.startsWith('/settings'))
      .map(([pointer, message]) => [pointer.slice('/settings'.length), message]),
  )
  const mayChange = isAtLeast(person, 'account')
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack maw={820}>
        <Breadcrumbs>
          <Anchor component={Link} to={`/accounts/${account}/extensions`}>
            {t('extensions.title')}
          </Anchor>
          <Text>{titleOf(kind.name)}</Text>
        </Breadcrumbs>
        <Title order={1} size="h2">
          {base === null ? t('extensions.new') : `${base.value.number} ${base.value.name}`}
        </Title>
        {base !== null && <Text c="dimmed">{base.value.summary}</Text>}
        {save.error && theirs === null && (
          <Alert color="red" role="alert">
            {inWords(save.error, t)}
          </Alert>
        )}
        <TextInput
          label={t('extensions.number')}
          required
          inputMode="numeric"
          disabled={base !== null}
          error={problems['/number']}
          value={draft.number}
          onChange={(event) => setDraft({ ...draft, number: event.currentTarget.value })}
          w={140}
        />
        <TextInput
          label={t('extensions.name')}
          required
          error={problems['/name']}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          maw={480}
        />
        {(kind.name === 'user' || kind.name === 'mailbox') && (
          <PasswordInput
            label={t('extensions.pin')}
            autoComplete="off"
            error={problems['/pin']}
            value={draft.pin}
            onChange={(event) => setDraft({ ...draft, pin: event.currentTarget.value })}
            w={200}
          />
        )}
        <FormWorldProvider value={{ account, defs, problems: settingsProblems }}>
          <SchemaForm
            schema={schema}
            value={draft.settings}
            onChange={(settings: Json) => setDraft({ ...draft, settings: settings as JsonObject })}
          />
        </FormWorldProvider>
        {mayChange && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('actions.save')}
            </Button>
            {base !== null && (
              <Button variant="light" color="red" onClick={askToDelete} loading={remove.isPending}>
                {t('actions.delete')}
              </Button>
            )}
          </Group>
        )}
        {theirs !== null && base !== null && (
          <Merge
            base={{ name: base.value.name, settings: base.value.settings as Json }}
            mine={{ name: draft.name, settings: draft.settings }}
            theirs={{ name: theirs.value.name, settings: theirs.value.settings as Json }}
            onCancel={() => setTheirs(null)}
            onMerged={(merged) => {
              setDraft({ ...draft, name: String(merged.name), settings: merged.settings as JsonObject })
              setBase(theirs)
              setTheirs(null)
            }}
          />
        )}
      </Stack>
    </form>
  )
}

function draftOf(extension: Extension): Draft {
  return { number: extension.number, name: extension.name, pin: '', settings: extension.settings as JsonObject }
}
