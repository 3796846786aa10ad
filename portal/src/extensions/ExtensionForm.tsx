import { Alert, Button, Group, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, gotVersion, Refused, type Versioned } from '../api/client'
import { same } from '../parts/merge'
import { inWords, tellDone } from '../parts/problems'
import { Restored } from '../parts/Restored'
import { Unsaved } from '../parts/Unsaved'
import { useFocusOnProblem } from '../parts/useFocusOnProblem'
import { useKeptDraft, useRestored } from '../parts/drafts'
import { useMergedSave } from '../parts/useMergedSave'
import { useStanding } from '../parts/useStanding'
import { SchemaForm } from '../schema-form/SchemaForm'
import { type Json, type JsonObject, placed, pointersOf, type Schema, titleAt, valueAt } from '../schema-form/schema'
import { useShown } from '../schema-form/words'
import { FormWorldProvider } from '../schema-form/world'
import { begin, draftOf, harmless, mergeable, pinsOf, type Work } from './extensionForm'
import { type Extension, type Kind, withOne } from './extensions'
import { useCheck } from './useCheck'

interface Props {
  account: number
  kind: Kind
  stored: Versioned<Extension> | null
  /** The name under which what is typed outlives a reload; null: it does not. */
  keptAs: string | null
  mayChange: boolean
  onSaved: (saved: Versioned<Extension>) => void
  /** Further buttons. */
  children?: ReactNode
}

/** The fields of an extension: checked while one types, and merged with what somebody else saved meanwhile. */
export function ExtensionForm({ account, kind, stored, keptAs, mayChange, onSaved, children }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const schema = kind.settings as Schema
  const defs = schema.$defs ?? {}
  const restored = useRestored<Work>(keptAs)
  const [isRestored, setRestored] = useState(restored !== null)
  const [work, setWork] = useState<Work>(() => restored ?? begin(kind, stored))
  const [sent, setSent] = useState<JsonObject>({})
  const { base, draft } = work
  const setDraft = (changed: Partial<Work['draft']>) => setWork((now) => ({ ...now, draft: { ...now.draft, ...changed } }))

  const start = begin(kind, base).draft
  const changed = !same(draft as unknown as Json, start as unknown as Json)
  useKeptDraft(keptAs, changed ? harmless(work) : null)
  // Somebody else saved: it is shown at once where nobody types, and put together with what was typed when that is saved.
  const [seen, setSeen] = useState(stored)
  if (stored !== seen) {
    setSeen(stored)
    if (!changed && stored?.etag !== base?.etag) setWork(begin(kind, stored))
  }

  function taken(saved: Versioned<Extension>) {
    setWork({ base: saved, draft: draftOf(saved.value) })
    setRestored(false)
    setSent({})
    queries.setQueryData(['extension', account, saved.value.number], saved)
    // Whoever needed it finds it by its name at once; what others made meanwhile comes after.
    queries.setQueriesData<Extension[]>({ queryKey: ['extensions', account] }, (known) => known && withOne(known, saved.value))
    void queries.invalidateQueries({ queryKey: ['extensions', account] })
    tellDone(t(base === null ? 'told.created' : 'told.saved'))
    onSaved(saved)
  }

  const create = useMutation({
    mutationFn: () =>
      gotVersion(
        api.POST('/api/v1/accounts/{account}/extensions', {
          params: { path: { account } },
          body: { ...mergeable(draft), ...pinsOf(draft), number: draft.number, kind: kind.name } as never,
        }),
      ),
    onSuccess: taken,
  })
  const shown = useShown(account, schema)
  const place = { account, number: base?.value.number ?? '' }
  const [refusal, setRefusal] = useState<Error | null>(null)
  const change = useMergedSave<Versioned<Extension>>({
    read: async () => {
      const { value, etag } = await gotVersion(
        api.GET('/api/v1/accounts/{account}/extensions/{number}', { params: { path: place } }),
      )
      return { value: mergeable(draftOf(value)), etag }
    },
    write: (value, etag, despite_expectations) =>
      gotVersion(
        api.PATCH('/api/v1/accounts/{account}/extensions/{number}', {
          params: { path: place, header: { 'if-match': etag }, query: { despite_expectations } },
          body: { ...value, ...pinsOf(draft) } as never,
        }),
      ),
    onSaved: (saved) => {
      setRefusal(null)
      taken(saved)
    },
    onRefused: setRefusal,
    name: ([field, ...path]) => (field === 'name' ? t('extensions.name') : titleAt(schema, path, draft.settings, defs)),
    shown: (value, path) => shown(value, path.slice(1)),
  })

  const error = useStanding(base === null ? create.error : refusal)
  const body: JsonObject = { number: draft.number, kind: kind.name, name: draft.name, settings: draft.settings }
  const check = useCheck({ account, exists: base !== null, body, start: { ...body, ...start } })
  const told = error instanceof Refused ? error.fields : {}
  const still = Object.entries(told).filter(([pointer]) => same(valueAt(body, pointer), valueAt(sent, pointer)))
  const fields = ['/number', '/name', '/pin', '/voicemail_pin', '/settings']
  const pointers = [...fields, ...pointersOf(schema, draft.settings, defs, '/settings')]
  const { at, elsewhere } = placed({ ...check.problems, ...Object.fromEntries(still) }, pointers)
  const top = [...elsewhere, ...(at['/settings'] ? [at['/settings']] : [])]
  const inside = Object.entries(at).filter(([pointer]) => pointer.startsWith('/settings/'))
  const problems = Object.fromEntries(inside.map(([pointer, message]) => [pointer.slice('/settings'.length), message]))
  const form = useFocusOnProblem(error)

  function submit(event: FormEvent) {
    event.preventDefault()
    event.stopPropagation() // a form in a dialog lies within another one's
    setSent(body)
    if (base === null) create.mutate()
    else change.save({ value: mergeable(draftOf(base.value)), etag: base.etag }, mergeable(draft))
  }

  return (
    <form ref={form} onSubmit={submit}>
      <Stack maw={820}>
        {isRestored && changed && (
          <Restored
            onDiscard={() => {
              setWork(begin(kind, stored))
              setRestored(false)
            }}
          />
        )}
        {error && (
          <Alert color="red" role="alert">
            {inWords(error, t)}
            {top.length > 0 && (
              <List size="sm">
                {top.map((message) => (
                  <List.Item key={message}>{message}</List.Item>
                ))}
              </List>
            )}
          </Alert>
        )}
        <TextInput
          label={t('extensions.number')}
          required
          inputMode="numeric"
          disabled={base !== null}
          error={at['/number']}
          value={draft.number}
          onChange={(event) => setDraft({ number: event.currentTarget.value })}
          w={140}
        />
        <TextInput
          label={t('extensions.name')}
          required
          error={at['/name']}
          value={draft.name}
          onChange={(event) => setDraft({ name: event.currentTarget.value })}
          maw={480}
        />
        {(kind.name === 'user' || kind.name === 'mailbox') && (
          <PasswordInput
            label={t('extensions.pin')}
            autoComplete="off"
            error={at['/pin']}
            value={draft.pin}
            onChange={(event) => setDraft({ pin: event.currentTarget.value })}
            w={200}
          />
        )}
        {kind.name === 'user' && (
          <PasswordInput
            label={t('extensions.voicemailPin')}
            autoComplete="off"
            error={at['/voicemail_pin']}
            value={draft.voicemailPin}
            onChange={(event) => setDraft({ voicemailPin: event.currentTarget.value })}
            w={200}
          />
        )}
        <FormWorldProvider value={{ account, defs, problems }}>
          <SchemaForm
            schema={schema}
            value={draft.settings}
            onChange={(settings: Json) => setDraft({ settings: settings as JsonObject })}
          />
        </FormWorldProvider>
        <div role="status">
          {check.summary !== undefined && check.summary !== base?.value.summary && (
            <Alert color="teal">{t('extensions.willDo', { what: check.summary })}</Alert>
          )}
          {error === null && elsewhere.length > 0 && <Text c="red">{elsewhere.join(' ')}</Text>}
        </div>
        <Group className="form-end">
          {mayChange && (
            <Button type="submit" loading={create.isPending || change.busy}>
              {t('actions.save')}
            </Button>
          )}
          {children}
        </Group>
      </Stack>
      <Unsaved when={mayChange && changed} kept={keptAs !== null} />
      {change.dialog}
    </form>
  )
}
