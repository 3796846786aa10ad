import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, type Schemas } from '../api/client'
import { BreaksExpectations } from './BreaksExpectations'
import { tell } from './problems'

interface Change<Argument, Result> {
  /** Asks the exchange; `despite`: also when it breaks what is expected (NP-10). */
  run: (argument: Argument, despite: boolean) => Promise<Result>
  onDone: (result: Result) => void
  /** For a refusal that is shown elsewhere, such as beside a field; left out: it is told in the corner. */
  onRefused?: (problem: Error) => void
}

/** A change that saved expectations may stand in the way of. `dialog` has to be drawn somewhere on the page. */
export function useChange<Argument, Result>({ run, onDone, onRefused }: Change<Argument, Result>) {
  const { t } = useTranslation()
  const [stopped, setStopped] = useState<{ argument: Argument; broken: Schemas['Broken'][] } | null>(null)
  const change = useMutation({
    mutationFn: ({ argument, despite }: { argument: Argument; despite: boolean }) => run(argument, despite),
    onSuccess: (result) => {
      setStopped(null)
      onDone(result)
    },
    onError: (problem, { argument }) => {
      if (problem instanceof Refused && problem.kind === 'breaks-expectations') {
        setStopped({ argument, broken: problem.problem.broken ?? [] })
        return
      }
      setStopped(null)
      if (onRefused) onRefused(problem)
      else tell(problem, t)
    },
  })
  const dialog: ReactNode = stopped && (
    <BreaksExpectations
      broken={stopped.broken}
      busy={change.isPending}
      onCancel={() => setStopped(null)}
      onAnyway={() => change.mutate({ argument: stopped.argument, despite: true })}
    />
  )
  return {
    start: (argument: Argument) => change.mutate({ argument, despite: false }),
    busy: change.isPending,
    /** What the exchange found wrong, by JSON pointer. */
    fields: change.error instanceof Refused ? change.error.fields : {},
    dialog,
  }
}
