// Customers are sorted by the exchange, as there may be more than the page holds; the file has all of them (PTL-4).
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { FakeExchange, json } from '../testing/exchange'
import { show } from '../testing/stage'
import { AccountList } from './AccountList'

const CUSTOMERS = [
  { id: 1, number: '1001', name: 'Zwart', partner: 5 },
  { id: 2, number: '1002', name: 'Appel', partner: null },
  { id: 3, number: '1003', name: 'Mulder', partner: null },
]

beforeEach(() => {
  const exchange = new FakeExchange()
  const user = { id: 1, name: 'Root', email: 'root@example.org', role: 'platform', account: null, language: 'en' }
  exchange.on('GET', '/api/v1/session', () => json({ csrf: 'word', user }))
  exchange.on('GET', '/api/v1/partners', () => json({ items: [{ id: 5, name: 'Resale' }], next: null }))
  exchange.on('GET', '/api/v1/accounts', ({ query }) => {
    const [sort, after] = [query.get('sort') ?? 'number', Number(query.get('after') ?? 0)]
    const key = sort.replace('-', '') as 'number' | 'name'
    const all = CUSTOMERS.toSorted((a, b) => a[key].localeCompare(b[key]))
    if (sort.startsWith('-')) all.reverse()
    return json({ items: all.slice(after, after + 2), next: after + 2 < all.length ? String(after + 2) : null })
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const names = () => screen.getAllByRole('link').map((it) => it.textContent)

test('the exchange is asked for the order that its reader chose', async () => {
  const user = userEvent.setup()
  show(<AccountList />)
  await waitFor(() => expect(names()).toEqual(['Zwart', 'Appel']))
  const head = within(screen.getByRole('columnheader', { name: 'Name' })).getByRole('button')
  await user.click(head)
  await waitFor(() => expect(names()).toEqual(['Appel', 'Mulder']))
  await user.click(head)
  await waitFor(() => expect(names()).toEqual(['Zwart', 'Mulder']))
  expect(screen.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending')
  await user.click(screen.getByRole('button', { name: 'Show more' }))
  await waitFor(() => expect(names()).toEqual(['Zwart', 'Mulder', 'Appel']))
})

test('the file holds all customers, those too that are not shown yet', async () => {
  const files: Blob[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
    files.push(file as Blob)
    return 'blob:file'
  })
  const user = userEvent.setup()
  show(<AccountList />)
  await waitFor(() => expect(names()).toEqual(['Zwart', 'Appel']))
  await user.click(screen.getByRole('button', { name: 'Export' }))
  await waitFor(() => expect(files).toHaveLength(1))
  const text = await files[0]!.text()
  for (const words of ['1001', 'Zwart', 'Resale', '1002', 'Appel', '1003', 'Mulder']) expect(text).toContain(words)
})
