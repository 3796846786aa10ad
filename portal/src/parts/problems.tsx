import { List, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { Refused, Unreachable } from '../api/client'
import type { TFunction } from '../i18n/words'

/** What went wrong, for people. */
export function inWords(problem: unknown, t: TFunction): string {
  if (problem instanceof Refused) return problem.isSignedOut ? t('signIn.again') : problem.problem.detail
  if (problem instanceof Unreachable) return t('app.unreachable')
  throw problem
}

/** Says what went wrong, with where the thing is still used when that is why. */
export function tell(problem: unknown, t: TFunction): void {
  const uses = problem instanceof Refused ? (problem.problem.used_by ?? []) : []
  notifications.show({
    color: 'red',
    closeButtonProps: closing(),
    autoClose: uses.length ? false : 8000,
    message: (
      <>
        <Text size="sm">{inWords(problem, t)}</Text>
        {uses.length > 0 && (
          <List size="sm">
            {uses.map((use) => (
              <List.Item key={`${use.object_type} ${use.key} ${use.field}`}>
                {use.object_type} {use.key} ({use.field})
              </List.Item>
            ))}
          </List>
        )}
      </>
    ),
  })
}

/** Says that something was done. */
export function tellDone(message: string): void {
  notifications.show({ color: 'teal', message, closeButtonProps: closing() })
}

function closing() {
  return { 'aria-label': i18next.t('actions.close') }
}
