import { useEffect, useRef } from 'react'

/** For a form: whenever another `problem` is told, the first wrong field has the focus, or else what is said at the top. */
export function useFocusOnProblem(problem: unknown) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (!problem) return
    const wrong =
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      form.current?.querySelector<HTMLElement>('[role="alert"]')
    if (wrong?.getAttribute('role') === 'alert') wrong.tabIndex = -1
    wrong?.focus()
  }, [problem])
  return form
}
