import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, type Versioned } from '../api/client'
import type { JsonObject } from '../schema-form/schema'
import { Merge, type MergeWords } from './Merge'
import { merge } from './merge'
import { tell, tellDone } from './problems'
import { useChange } from './useChange'

interface Saving<Result> extends MergeWords {
  /** What the exchange has now. */
  read: () => Promise<Versioned<JsonObject>>
  write: (value: JsonObject, etag: string, despite: boolean) => Promise<Result>
  onSaved: (result: Result) => void
  onRefused?: (problem: Error) => void
}

interface Draft {
  base: Versioned<JsonObject>
  mine: JsonObject
}

/** Both changed the same thing: somebody has to choose. */
class Clashing extends Error {
  constructor(
    readonly draft: Draft,
    readonly theirs: Versioned<JsonObject>,
  ) {
    super('changed meanwhile')
  }
}

/** Saves what somebody typed, also when somebody else saved meanwhile: other fields go together by themselves, and who
 * changed the same field chooses. Nothing typed is lost. */
export function useMergedSave<Result>({ read, write, onSaved, onRefused, name, shown }: Saving<Result>) {
  const { t } = useTranslation()
  const namesOf = (paths: string[][]) => paths.map((path) => (name ? name(path) : path.join(' › '))).join(', ')
  const [clash, setClash] = useState<Clashing | null>(null)
  const change = useChange<Draft, Result>({
    run: async (draft, despite) => {
      let { base, mine } = draft
      for (;;) {
        try {
          return await write(mine, base.etag, despite)
        } catch (refusal) {
          if (!(refusal instanceof Refused) || refusal.problem.status !== 412) throw refusal
          const theirs = await read()
          const merged = merge(base.value, mine, theirs.value)
          if (merged.clashes.length > 0) throw new Clashing({ base, mine }, theirs)
          if (merged.taken.length > 0) tellDone(t('told.mergedWith', { fields: namesOf(merged.taken) }))
          base = theirs
          mine = merged.value
        }
      }
    },
    onDone: onSaved,
    onRefused: (problem) => {
      if (problem instanceof Clashing) setClash(problem)
      else if (onRefused) onRefused(problem)
      else tell(problem, t)
    },
  })
  const merging = clash && (
    <Merge
      base={clash.draft.base.value}
      mine={clash.draft.mine}
      theirs={clash.theirs.value}
      name={name}
      shown={shown}
      onCancel={() => setClash(null)}
      onMerged={(merged) => {
        setClash(null)
        change.start({ base: clash.theirs, mine: merged })
      }}
    />
  )
  return {
    save: (base: Versioned<JsonObject>, mine: JsonObject) => change.start({ base, mine }),
    busy: change.busy,
    fields: change.fields,
    dialog: (
      <>
        {merging}
        {change.dialog}
      </>
    ),
  }
}
