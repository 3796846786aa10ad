// What was opened from the finder in this tab, the latest first; gone when one signs out, as drafts are.
import { draftPlace, keptDraft } from '../parts/drafts'

export interface Opened {
  id: string
  label: string
  description?: string
  to: string
}

const MOST = 5
const NAME = 'finder'

export function remembered(): Opened[] {
  return keptDraft<Opened[]>(NAME) ?? []
}

export function remember(opened: Opened): void {
  const others = remembered().filter((it) => it.to !== opened.to)
  sessionStorage.setItem(draftPlace(NAME), JSON.stringify([opened, ...others].slice(0, MOST)))
}
