import { Suspense, useSyncExternalStore } from 'react'
import type { TFunction } from '../i18n/words'
import { part } from './part'

export interface Question {
  title: string
  text: string
  /** What the button says that does it. */
  does: string
  onYes: () => void
}

const Dialog = part(() => import('./ConfirmDialog'), 'ConfirmDialog')

let asked: Question | null = null
const listeners = new Set<() => void>()

function ask(question: Question | null): void {
  asked = question
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks before something that cannot be taken back; what does nothing has the focus. */
export function confirm(_: TFunction, question: Question): void {
  ask(question)
}

/** Where the questions are drawn: once, around all pages. */
export function Questions() {
  const question = useSyncExternalStore(subscribe, () => asked)
  return (
    question && (
      <Suspense fallback={null}>
        <Dialog question={question} onAnswered={() => ask(null)} />
      </Suspense>
    )
  )
}
