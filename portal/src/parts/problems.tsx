import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { Refused, Unreachable } from '../api/client'
import { withTelephones } from '../i18n/format'
import type { TFunction } from '../i18n/words'

/** What went wrong, for people. */
export function inWords(problem: unknown, t: TFunction): string {
  if (problem instanceof Refused) return problem.isSignedOut ? t('signIn.again') : problem.problem.detail
  if (problem instanceof Unreachable) return t('app.unreachable')
  throw problem
}

/** Says what went wrong. Where a thing is still used is worth reading twice: that stays until it is closed. */
export function tell(problem: unknown, t: TFunction): void {
  const inUse = problem instanceof Refused && (problem.problem.used_by ?? []).length > 0
  notifications.show({
    color: 'red',
    closeButtonProps: closing(),
    autoClose: inUse ? false : 8000,
    message: withTelephones(inWords(problem, t)),
  })
}

/** Says that something was done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, closeButtonProps: closing() })
}

function closing() {
  return { 'aria-label': i18next.t('actions.close') }
}
