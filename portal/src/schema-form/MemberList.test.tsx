import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { FakeExchange } from '../testing/exchange'
import { show } from '../testing/stage'
import { MemberList } from './MemberList'
import type { Json } from './schema'
import { FormWorldProvider } from './world'

let members: Json

function List({ start }: { start: string[] }) {
  const [value, setValue] = useState<Json>(start)
  const keep = (changed: Json) => {
    members = changed
    setValue(changed)
  }
  return (
    <FormWorldProvider value={{ account: 1, defs: {}, problems: {} }}>
      <MemberList
        schema={{ type: 'array' }}
        item={{ type: 'string', kind: 'user' }}
        value={value}
        onChange={keep}
        pointer="/members"
        label="Members"
        required={false}
      />
    </FormWorldProvider>
  )
}

const HEIGHT = 40

beforeEach(() => {
  new FakeExchange()
  // The rows lie below each other, as in a browser that draws them.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const row = this.closest('li')
    const index = row === null ? 0 : [...(row.parentElement?.children ?? [])].indexOf(row)
    return new DOMRect(0, index * HEIGHT, 300, HEIGHT)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const handle = (name: string) => screen.findByRole('button', { name: `Move ${name}` })

test('a member is dragged to another place with the mouse', async () => {
  show(<List start={['201', '202', '203']} />)
  const first = await handle('201 Jansen')
  fireEvent.pointerDown(first, { isPrimary: true, button: 0, clientX: 10, clientY: 20 })
  fireEvent.pointerMove(document, { isPrimary: true, clientX: 10, clientY: 40 })
  fireEvent.pointerMove(document, { isPrimary: true, clientX: 10, clientY: 20 + 2 * HEIGHT })
  await waitFor(() => expect(screen.getByText('201 Jansen now has place 3 of 3.')).toBeInTheDocument())
  fireEvent.pointerUp(document, { isPrimary: true, clientX: 10, clientY: 20 + 2 * HEIGHT })
  await waitFor(() => expect(members).toEqual(['202', '203', '201']))
})

test('the same by keyboard, and escape puts it back', async () => {
  show(<List start={['201', '202', '203']} />)
  const first = await handle('201 Jansen')
  first.focus()
  fireEvent.keyDown(first, { code: 'Space' })
  await screen.findByText(/201 Jansen (is taken|now has place 1)/)
  fireEvent.keyDown(document, { code: 'ArrowDown' })
  await screen.findByText('201 Jansen now has place 2 of 3.')
  fireEvent.keyDown(document, { code: 'Space' })
  await waitFor(() => expect(members).toEqual(['202', '201', '203']))

  const last = await handle('203 De Jong')
  last.focus()
  fireEvent.keyDown(last, { code: 'Space' })
  await screen.findByText(/203 De Jong (is taken|now has place 3)/)
  fireEvent.keyDown(document, { code: 'Escape' })
  await screen.findByText('203 De Jong is back in its place.')
  expect(members).toEqual(['202', '201', '203'])
})

test('one step at a time, out, and all at once', async () => {
  const user = userEvent.setup()
  show(<List start={['201', '202']} />)
  await handle('202 Bakker')
  expect(screen.getByRole('button', { name: 'Move up: 201' })).toBeDisabled()
  await user.click(screen.getByRole('button', { name: 'Move up: 202' }))
  expect(members).toEqual(['202', '201'])
  await user.click(screen.getByRole('button', { name: 'Remove: 202' }))
  expect(members).toEqual(['201'])
  await user.click(screen.getByRole('button', { name: 'Add all' }))
  expect(members).toEqual(['201', '202', '203'])
  await user.click(screen.getByRole('button', { name: 'Remove all' }))
  expect(members).toEqual([])
})

test('somebody is found by name, and nobody is offered twice', async () => {
  const user = userEvent.setup()
  show(<List start={['201']} />)
  await handle('201 Jansen')
  await user.type(screen.getByRole('combobox', { name: 'Add' }), 'jong')
  const choices = screen.getByRole('listbox', { name: 'Add' })
  expect(
    within(choices)
      .getAllByRole('option')
      .map((it) => it.textContent),
  ).toEqual(['203 De Jong'])
  await user.click(within(choices).getByRole('option'))
  expect(members).toEqual(['201', '203'])
  expect(within(choices).queryByRole('option', { name: '203 De Jong' })).toBeNull()
})
