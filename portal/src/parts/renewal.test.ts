// @vitest-environment happy-dom

// The portal is renewed while somebody has it open: the page is loaded anew once, and nothing that was typed is lost.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const reload = vi.fn()

beforeEach(() => {
  vi.resetModules()
  vi.useFakeTimers()
  sessionStorage.clear()
  document.body.innerHTML = ''
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(Response.json({}))),
  )
  vi.spyOn(location, 'reload').mockImplementation(reload)
  reload.mockClear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A page of this build, as a browser has just loaded it. */
async function page(build: string) {
  vi.resetModules()
  const renewal = await import('./renewal')
  const forms = await import('./unsavedForms')
  const closes = renewal.watchForRenewal(build)
  return {
    ...renewal,
    ...forms,
    /** A part of it does not come; tells whether it waits rather than breaks. */
    async misses() {
      const event = new Event('vite:preloadError', { cancelable: true })
      dispatchEvent(event)
      await vi.advanceTimersByTimeAsync(0)
      return event.defaultPrevented
    },
    closes,
  }
}

test('a part that is gone has the page loaded anew, which says so once', async () => {
  const before = await page('a')
  expect(before.wasRenewed()).toBe(false)
  expect(await before.misses()).toBe(true)
  expect(reload).toHaveBeenCalledOnce()
  before.closes()
  const after = await page('b')
  expect(after.wasRenewed()).toBe(true)
  expect(after.wasRenewed()).toBe(false)
  after.closes()
})

test('several parts at a time are one reload', async () => {
  const before = await page('a')
  await Promise.all([before.misses(), before.misses(), before.misses()])
  expect(reload).toHaveBeenCalledOnce()
  before.closes()
})

test.each([
  ['the same build, within minutes', 'a', 300_000],
  ['another build that misses a part at once', 'b', 5_000],
])('it does not go round: %s', async (_, build, later) => {
  const before = await page('a')
  await before.misses()
  before.closes()
  await vi.advanceTimersByTimeAsync(later)
  const after = await page(build)
  expect(await after.misses()).toBe(false)
  expect(after.renewal()).toBe('broken')
  expect(reload).toHaveBeenCalledOnce()
  after.closes()
})

test('the next renewal is followed again', async () => {
  const before = await page('a')
  await before.misses()
  before.closes()
  await vi.advanceTimersByTimeAsync(60_000)
  const after = await page('b')
  expect(await after.misses()).toBe(true)
  expect(reload).toHaveBeenCalledTimes(2)
  after.closes()
})

test('a form whose draft is kept does not stand in the way, one without does, and so does an open dialog', async () => {
  const kept = await page('a')
  kept.hasChanges(true)
  await kept.misses()
  expect(reload).toHaveBeenCalledOnce()
  expect(kept.isLeaving()).toBe(true)
  kept.closes()

  sessionStorage.clear()
  const unkept = await page('a')
  unkept.hasChanges(false)
  expect(await unkept.misses()).toBe(true)
  expect(unkept.renewal()).toBe('asks')
  unkept.closes()

  const asked = await page('a')
  document.body.innerHTML = '<div role="dialog"></div>'
  await asked.misses()
  expect(asked.renewal()).toBe('asks')
  expect(reload).toHaveBeenCalledOnce()
  asked.closes()
})

test('an exchange that is away is waited for first', async () => {
  const answers = vi.fn(() => Promise.reject(new TypeError('away')))
  vi.stubGlobal('fetch', answers)
  const before = await page('a')
  await before.misses()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(reload).not.toHaveBeenCalled()
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({})))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(reload).toHaveBeenCalledOnce()
  before.closes()
})
