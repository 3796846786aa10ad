import { Alert, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, type Versioned } from '../api/client'
import { useRestored } from '../parts/drafts'
import { inWords, tell, tellDone } from '../parts/problems'
import { useStanding } from '../parts/useStanding'
import { useMergedSave } from '../parts/useMergedSave'
import { resolve, type JsonObject, type Schema } from '../schema-form/schema'
import { changed, inForm, useForm } from './form'
import { ThingForm } from './ThingForm'

interface Props<Thing extends object> {
  form: string
  account: number
  /** Of the query that holds it; what begins so is fetched anew after a change. */
  queryKey: unknown[]
  /** Lists that show it as well. */
  lists?: unknown[][]
  read: () => Promise<Versioned<Thing>>
  write: (patch: JsonObject, etag: string, despite: boolean) => Promise<Versioned<Thing>>
  fields?: string[]
  readOnly?: string[]
  beside?: Record<string, ReactNode>
  /** Further buttons, such as to delete it. */
  children?: ReactNode
}

/** Shows a stored thing in a form and saves what was changed; who saved meanwhile loses nothing either. */
export function ChangeThing<Thing extends object>(props: Props<Thing>) {
  const { t } = useTranslation()
  const schema = useForm(props.form).data
  const stored = useQuery({
    queryKey: props.queryKey,
    queryFn: props.read,
    refetchOnWindowFocus: false, // nothing changes under somebody's hands
    staleTime: Infinity,
    gcTime: 0, // but whoever comes back sees it as it is
  })
  const gone = stored.error && <Alert color="red">{inWords(stored.error, t)}</Alert>
  if (gone && stored.data === undefined) return gone
  if (schema === undefined || stored.data === undefined) return <Skeleton h={300} />
  return (
    <>
      {gone /* somebody else deleted it: what was typed stays to be read */}
      <Form {...props} schema={schema} stored={stored.data} />
    </>
  )
}

interface Kept {
  base: Versioned<JsonObject>
  value: JsonObject
}

function Form<Thing extends object>(props: Props<Thing> & { schema: Schema; stored: Versioned<Thing> }) {
  const { schema, stored } = props
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [refused, setRefused] = useState<Error | null>(null)
  const problem = useStanding(refused)
  const defs = schema.$defs ?? {}
  const keptAs = props.queryKey.join(' ')
  const kept = useRestored<Kept>(keptAs)
  // What was there when somebody began to type: it stays when others save meanwhile, so that no letter is lost.
  const [base, setBase] = useState(kept?.base ?? { value: inForm(stored.value, schema), etag: stored.etag })
  // Somebody else saved: it is shown at once where nobody types, and put together with what was typed when that is saved.
  const [typed, setTyped] = useState(false)
  const [seen, setSeen] = useState(stored)
  if (stored !== seen) {
    setSeen(stored)
    if (!typed && stored.etag !== base.etag) setBase({ value: inForm(stored.value, schema), etag: stored.etag })
  }
  const saving = useMergedSave({
    read: async () => {
      const now = await props.read()
      return { value: inForm(now.value, schema), etag: now.etag }
    },
    write: (value, etag, despite) => props.write(changed(base.value, value), etag, despite),
    onSaved: (saved) => {
      setRefused(null)
      setBase({ value: inForm(saved.value, schema), etag: saved.etag })
      tellDone(t('told.saved'))
      queries.setQueryData(props.queryKey, saved)
      for (const list of props.lists ?? []) void queries.invalidateQueries({ queryKey: list })
    },
    onRefused: (refusal) => {
      const inFields = refusal instanceof Refused && Object.keys(refusal.fields).length > 0
      setRefused(inFields ? null : refusal)
      if (refusal instanceof Refused && (refusal.problem.used_by ?? []).length > 0) tell(refusal, t)
    },
    name: (path) => resolve(schema.properties?.[path[0] ?? ''] ?? {}, defs).schema.title ?? path.join(' › '),
  })
  return (
    <>
      <ThingForm
        schema={schema}
        account={props.account}
        stored={base.value}
        base={base}
        keptAs={keptAs}
        key={base.etag}
        fields={props.fields}
        readOnly={props.readOnly}
        beside={props.beside}
        problems={saving.fields}
        problem={problem === null ? undefined : inWords(problem, t)}
        busy={saving.busy}
        onTyped={setTyped}
        onSave={(value) => saving.save(base, value)}
      >
        {props.children}
      </ThingForm>
      {saving.dialog}
    </>
  )
}
