// Which forms have changes that are not saved, and whether a page may be loaded anew without a loss.
const forms = new Set<{ kept: boolean }>()
let leaving = false
const listeners = new Set<() => void>()

/** A form has changes from now on, until the function that comes back is called. `kept`: a draft of them outlives a reload. */
export function hasChanges(kept: boolean): () => void {
  const form = { kept }
  forms.add(form)
  tell()
  return () => {
    forms.delete(form)
    tell()
  }
}

export function anyChanges(): boolean {
  return forms.size > 0
}

/** Is a reload on its way that nobody is to be asked about? */
export function isLeaving(): boolean {
  return leaving
}

/** Would a reload now lose nothing? An open dialog may hold something typed. */
export function mayReload(): boolean {
  return [...forms].every((form) => form.kept) && document.querySelector('[role=dialog]') === null
}

/** Loads the page anew without asking. */
export function reloadFreely(): void {
  leaving = true
  location.reload()
}

export function onChanges(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  for (const listener of listeners) listener()
}
