// Buttons that show a picture have a name in the reader's language, for whoever does not see it (WCAG 2.2 AA, PTL-3).
import { Alert, MantineProvider, Modal, MultiSelect, Notification, PasswordInput, Select, TagsInput } from '@mantine/core'
import { Notifications, notifications } from '@mantine/notifications'
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { type Language, speak, startWords } from '../i18n/words'
import { Dialog } from '../parts/Dialog'
import { theme } from './theme'

startWords()
const nothing = () => undefined
const WORDS = {
  nl: { close: 'Sluiten', toggle: 'Tonen of verbergen wat is getypt' },
  en: { close: 'Close', toggle: 'Show or hide what is typed' },
}

afterEach(() => {
  act(() => notifications.clean())
  cleanup()
})

/** The names of all buttons that a part of the page has. */
function buttonsOf(place: HTMLElement): string[] {
  return within(place)
    .getAllByRole('button', { hidden: true })
    .filter((it) => it.closest('[aria-hidden=true]') === null)
    .map((it) => it.getAttribute('aria-label') ?? it.textContent)
}

test.each(['nl', 'en'] as Language[])('what closes, and what shows a password, says so (%s)', async (language) => {
  await speak(language)
  const { close, toggle } = WORDS[language]
  render(
    <MantineProvider env="test" theme={theme}>
      <Notifications />
      <Modal opened onClose={nothing} title="modal" />
      <Dialog opened onClose={nothing} title="dialog" />
      <Notification title="notification" onClose={nothing} />
      <Alert withCloseButton title="alert" onClose={nothing} />
      <div data-testid="password">
        <PasswordInput label="password" />
      </div>
    </MantineProvider>,
  )
  act(() => void notifications.show({ message: 'told', autoClose: false }))
  for (const name of ['modal', 'dialog']) expect(buttonsOf(screen.getByRole('dialog', { name }))).toEqual([close])
  await screen.findByText('told')
  for (const alert of screen.getAllByRole('alert')) expect(buttonsOf(alert)).toEqual([close])
  expect(screen.getAllByRole('alert')).toHaveLength(3) // the one told, the notification, the alert
  expect(buttonsOf(screen.getByTestId('password'))).toEqual([toggle])
})

test.each(['nl', 'en'] as Language[])('what empties a choice is no button without a name (%s)', async (language) => {
  await speak(language)
  render(
    <MantineProvider env="test" theme={theme}>
      <Select label="one" data={['a']} value="a" clearable />
      <MultiSelect label="some" data={['a']} value={['a']} clearable />
      <TagsInput label="any" value={['a']} clearable />
    </MantineProvider>,
  )
  const named = screen.queryAllByRole('button').map((it) => it.getAttribute('aria-label') ?? it.textContent)
  expect(named).toEqual([]) // Backspace does it, too
})
