// Any kind with times of the week gets the week picture, from its schema alone (TBR-1, PTL-3).
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import described from '../../../build/forms.json'
import { FakeExchange, json } from '../testing/exchange'
import { show } from '../testing/stage'
import type { JsonObject, Schema } from './schema'
import { SchemaForm } from './SchemaForm'
import { FormWorldProvider } from './world'

const schema = described.kinds.time_routing as unknown as Schema
const times = { start_day: null, end_day: null, description: '' }
const office = { ...times, days: ['monday', 'tuesday'], start: '09:00', end: '17:00', destination: '201' }
const lunch = { ...times, days: ['monday'], start: '12:00', end: '13:00', destination: '202', description: 'Lunch' }

/** What was last changed. */
let settings: JsonObject

function Form({ start, problems = {} }: { start: JsonObject[]; problems?: Record<string, string> }) {
  const [value, setValue] = useState<JsonObject>({ periods: start, failover: '203' })
  return (
    <FormWorldProvider value={{ account: 1, defs: schema.$defs ?? {}, problems }}>
      <SchemaForm
        schema={schema}
        value={value}
        onChange={(changed) => {
          settings = changed as JsonObject
          setValue(settings)
        }}
      />
    </FormWorldProvider>
  )
}

const WIDTH = 960

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T11:30:00Z'), toFake: ['Date'] }) // a Monday, half past noon in Amsterdam
  new FakeExchange().on('GET', '/api/v1/accounts/1', () => json({ timezone: 'Europe/Amsterdam' }))
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, WIDTH, 44))
  Element.prototype.setPointerCapture ??= () => undefined
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function opened(start: JsonObject[], problems?: Record<string, string>) {
  const user = userEvent.setup()
  show(<Form start={start} problems={problems} />)
  const picture = await screen.findByRole('group', { name: 'The week, seven days of 24 hours' })
  await within(picture).findAllByRole('button', { name: /Otherwise 203 De Jong/ })
  return { user, picture, block: (name: RegExp) => within(picture).getByRole('button', { name }) }
}

test('the week shows who has the calls when, what runs now, and where they go otherwise', async () => {
  const { block, picture } = await opened([office, lunch])
  expect(block(/^202 Bakker · Lunch, Monday 12:00–13:00, running now$/)).toBeVisible()
  expect(block(/Jansen.*, Tuesday 09:00–17:00$/)).toBeVisible()
  expect(within(picture).getByRole('button', { name: /Otherwise 203 De Jong.*Monday 17:00–24:00, fill it/ })).toBeVisible()
  const list = screen.getByRole('table')
  expect(within(list).getByRole('row', { name: /Jansen.*Mon, Tue 09:00–17:00/ })).toBeVisible()
  expect(within(list).getByRole('row', { name: /Lunch.*Mon 12:00–13:00.*running now/ })).toBeVisible()
})

test('a block is moved, and an edge of it, by keyboard', async () => {
  const { user, block } = await opened([office])
  block(/Jansen.*Tuesday/).focus()
  await user.keyboard('{Shift>}{ArrowRight}{/Shift}')
  expect(settings.periods).toEqual([{ ...office, end: '17:15' }])
  block(/Jansen.*Tuesday/).focus()
  await user.keyboard('{ArrowLeft}')
  expect(settings.periods).toEqual([{ ...office, start: '08:45', end: '17:00' }])
  await user.keyboard('{Delete}')
  expect(settings.periods).toEqual([])
})

test('a block is dragged, and a new one is drawn with the mouse', async () => {
  const { block, picture } = await opened([office])
  const drag = (from: HTMLElement, x: number, to: number) => {
    fireEvent.pointerDown(from, { button: 0, pointerId: 1, clientX: x, clientY: 5 })
    fireEvent.pointerMove(from, { pointerId: 1, clientX: to, clientY: 5 })
    fireEvent.pointerUp(from, { pointerId: 1, clientX: to, clientY: 5 })
  }
  const hour = WIDTH / 24
  drag(block(/Jansen.*Monday/), 10 * hour, 11 * hour)
  expect(settings.periods).toEqual([{ ...office, start: '10:00', end: '18:00' }])
  drag(within(picture).getByRole('button', { name: /Otherwise.*Sunday/ }), 8 * hour, 12 * hour)
  const drawn = { ...times, days: ['sunday'], start: '08:00', end: '12:00', destination: '' }
  expect(settings.periods).toEqual([{ ...office, start: '10:00', end: '18:00' }, drawn])
  expect(screen.getByRole('region', { name: 'Entry of the week' })).toBeVisible()
})

test('exact times are typed, what is no time is said at once, and where it leads is chosen', async () => {
  const { user, block } = await opened([office])
  await user.click(block(/Jansen.*Monday/))
  const form = within(screen.getByRole('region', { name: 'Entry of the week' }))
  const from = form.getByLabelText('From')
  await user.clear(from)
  await user.type(from, '8.25')
  expect(settings.periods).toEqual([{ ...office, start: '08:25' }])
  await user.clear(from)
  await user.type(from, '25:00')
  expect(from).toBeInvalid()
  expect(settings.periods).toMatchObject([{ start: '02:00' }]) // as far as it was a time
  await user.click(form.getByRole('combobox', { name: /^Destination/ }))
  await user.click(await screen.findByRole('option', { name: '202 Bakker' }))
  expect(settings.periods).toMatchObject([{ destination: '202' }])
  await user.click(form.getByRole('radio', { name: 'Per period' }))
  expect(settings.periods).toMatchObject([{ days: null, start_day: 'monday', end_day: 'tuesday' }])
})

test('what the exchange finds wrong with a period stands at it, open or not', async () => {
  const { user } = await opened([office, lunch], { '/periods/1/destination': 'There is no 202.' })
  const row = screen.getByRole('row', { name: /Lunch/ })
  expect(within(row).getByRole('alert')).toHaveTextContent('There is no 202.')
  await user.click(within(row).getByRole('button', { name: /Edit/ }))
  expect(screen.getByRole('combobox', { name: /^Destination/ })).toBeInvalid()
})

test('a period that narrower ones cover wholly says that it never counts', async () => {
  await opened([
    { ...lunch, start: '11:00', end: '14:00', destination: '201' },
    { ...lunch, start: '11:00', end: '14:00' },
  ])
  expect(screen.getByRole('row', { name: /Jansen.*never counts/ })).toBeVisible()
})
