// Lists stand in the order that their reader chose, and are saved as they stand (PTL-4).
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { FakeExchange, json } from '../testing/exchange'
import { show } from '../testing/stage' // first: it makes the words known that pages add to
import { AuditPage } from '../audit/AuditPage'
import { ExpectationList } from '../expectations/ExpectationList'
import { PlanList } from '../plans/PlanList'
import type { PlanSchema } from '../plans/data'

const entry = (e164: string) => ({ e164, destination: '201', prefix: '' })
const SCHEMA = {
  number: 1,
  name: 'Main',
  standing: 1,
  override: null,
  plans: [
    { number: 2, name: 'Open', entries: [entry('+31205550100')] },
    { number: 10, name: 'Closed', entries: [entry('+31205550100'), entry('+31205550101')] },
    { number: 1, name: 'Lunch', entries: [] },
  ],
} as unknown as PlanSchema

const expectation = (id: number, name: string) => ({
  id,
  name,
  at: 'monday 10:00',
  caller: '+31612345678',
  called: '+31205550100',
  choices: ['1'],
  people: 'busy',
  outcome: { reaches: '201' },
})

let exchange: FakeExchange
const files: Blob[] = []

beforeEach(() => {
  exchange = new FakeExchange()
  files.length = 0
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
    files.push(file as Blob)
    return 'blob:file'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined) // else the window goes to the file
  exchange.on('GET', '/api/v1/accounts/1/schemas/1/active', () => json({ plan: 1, chosen_by: 'standing plan' }))
  exchange.on('GET', '/api/v1/accounts/1/expectations', () =>
    json({ items: [expectation(1, 'Shop'), expectation(2, 'Night'), expectation(3, 'Desk')], next: null }),
  )
  exchange.on('POST', '/api/v1/accounts/1/expectations/check', () => {
    const verdict = (id: number, holds: boolean) => ({
      id,
      name: '',
      holds,
      found: holds ? 'rings 201' : 'is told busy',
      trace: [],
    })
    return json({ holds: false, verdicts: [verdict(1, true), verdict(2, false), verdict(3, true)] })
  })
  exchange.on('GET', '/api/v1/accounts/1/audit', () => json({ items: [], next: null }))
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** The lines of the file that is saved. */
async function saved(): Promise<string[]> {
  await userEvent.click(screen.getByRole('button', { name: 'Export' }))
  return (await files.at(-1)!.text()).trim().split('\r\n')
}

async function choose(order: string) {
  await userEvent.click(screen.getByRole('combobox', { name: 'In the order of' }))
  await userEvent.click(await screen.findByRole('option', { name: order }))
}

test('the plans of a schema, by number, by how many numbers they have, and back', async () => {
  show(<PlanList account={1} schema={{ value: SCHEMA, etag: '"1"' }} zone="Europe/Amsterdam" mayChange />)
  const names = () => screen.getAllByRole('link').map((it) => it.textContent)
  const press = (name: string) =>
    userEvent.click(within(screen.getByRole('columnheader', { name })).getByRole('button', { name }))
  await waitFor(() => expect(names()).toEqual(['2 Open', '10 Closed', '1 Lunch']))
  await press('Plan')
  expect(names()).toEqual(['1 Lunch', '2 Open', '10 Closed'])
  await press('Numbers')
  await press('Numbers')
  expect(names()).toEqual(['10 Closed', '2 Open', '1 Lunch'])
  expect((await saved()).slice(1)).toEqual(['10 Closed,2', '2 Open,1', '1 Lunch,0'])
})

test('expectations: those that do not hold first, when one asks for it', async () => {
  show(<ExpectationList />, '/accounts/1')
  const names = () => screen.getAllByRole('region').map((it) => it.getAttribute('aria-label'))
  await waitFor(() => expect(names()).toEqual(['Shop', 'Night', 'Desk']))
  await screen.findByText('1 does not hold.')
  await choose('Name, A–Z')
  expect(names()).toEqual(['Desk', 'Night', 'Shop'])
  await choose('What does not hold first')
  expect(names()).toEqual(['Night', 'Shop', 'Desk'])
  const [, night, shop] = await saved()
  expect(night).toBe(
    'Night,"Monday 10:00, +31\u00a06\u00a01234\u00a05678 calls +31\u00a020\u00a0555\u00a001\u00a000, entering 1, everybody is busy",' +
      'reaches 201 Jansen,Does not hold,is told busy',
  )
  expect(shop).toMatch(/reaches 201 Jansen,Holds,rings 201$/)
})

test('changes: the newest first, or the oldest', async () => {
  show(<AuditPage />, '/accounts/1')
  const asked = () => exchange.heard('GET', '/api/v1/accounts/1/audit').map(({ query }) => query.get('sort'))
  await waitFor(() => expect(asked()).toEqual([null]))
  await choose('Oldest first')
  await waitFor(() => expect(asked()).toEqual([null, 'at']))
})
