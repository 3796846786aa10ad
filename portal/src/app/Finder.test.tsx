// Ctrl-K: what one looks for is opened with Enter, and who knows no name is offered a beginning (PTL-1).
import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useLocation } from 'react-router'
import { FakeExchange, json } from '../testing/exchange'
import { show } from '../testing/stage'
import { Finder } from './Finder'

beforeEach(() => {
  const exchange = new FakeExchange()
  exchange.on('GET', '/api/v1/accounts', () => json({ items: [{ id: 7, number: '1007', name: 'Jansen BV' }], next: null }))
})
afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

function Here() {
  return (
    <>
      <p>Here: {useLocation().pathname}</p>
      <Finder asked={1} />
    </>
  )
}

test('an empty field offers pages; enter opens the first that is found, and it is offered again', async () => {
  const user = userEvent.setup()
  const { unmount } = show(<Here />)
  const field = await screen.findByRole('textbox', { name: /Search/ })
  expect(await screen.findByRole('button', { name: 'Extensions' })).toBeVisible()
  expect(screen.queryByText('Nothing found')).toBeNull()
  await user.type(field, 'jansen')
  const found = await screen.findByRole('button', { name: /Jansen BV/ })
  await waitFor(() => expect(found).toHaveAttribute('data-selected'))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(Object.values(sessionStorage).join()).toContain('/accounts/7'))
  unmount()
  show(<Here />)
  expect(await screen.findByRole('button', { name: /Jansen BV/ })).toBeVisible()
})
