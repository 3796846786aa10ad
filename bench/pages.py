"""The portal in a real Chromium: how soon its first page is there, and whether a list of 5,000 extensions ever pauses.

The cache is cold and everything on loopback. A pause is what somebody sees: the longest time between two frames while
the list is scrolled from top to bottom and while its filter is typed; and the longest task of the page's script, which
keeps clicks and keys waiting.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.account import furnish
from bench.exchange import START_S, centrale_up, private_settings, settled
from bench.figures import Figure
from bench.people import PASSWORD, pairs
from centrale.accounts import sessions, web_users
from centrale.accounts.roles import Role
from centrale.accounts.web_users import WebUserIn
from centrale.api.authentication import cookie_name
from centrale.api.portal import FILES
from centrale.bootstrap import open_database
from centrale.phones.tools import LOOPBACK
from centrale.routing.snapshot import AccountId
from centrale.runtime import ensure_chromium
from centrale.settings import Settings

EXTENSIONS = 5_000
TIMES = 5
"""Cold starts of each page."""
MOST_FIRST_S, MOST_FIRST_KB, MOST_TASK_MS, MOST_PAUSE_MS = 1.0, 250.0, 100.0, 200.0
_FILTER = "1234"
_PATIENCE_MS = 60_000

_WATCH = """
() => {
  const found = { frame: 0, task: 0, last: performance.now(), stop: false }
  const frame = (now) => {
    found.frame = Math.max(found.frame, now - found.last)
    found.last = now
    if (!found.stop) requestAnimationFrame(frame)
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.task = Math.max(found.task, entry.duration)
  }).observe({ type: 'longtask' })
  requestAnimationFrame((now) => { found.last = now; requestAnimationFrame(frame) })
  window.watched = found
}
"""

_SCROLL = """
async (pixels) => {
  const list = document.querySelector('section[tabindex="0"]')
  while (list.scrollTop + list.clientHeight < list.scrollHeight - 1) {
    list.scrollTop += pixels
    await new Promise(requestAnimationFrame)
  }
}
"""


@dataclass(slots=True)
class Found:
    """Seconds, kilobytes as sent, and milliseconds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    kilobytes: dict[str, float] = field(default_factory=dict)
    pauses: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By what is done with the list: the longest time between frames, the longest task."""

    def figures(self) -> list[Figure]:
        found = []
        for name, took in self.seconds.items():
            first = name in _FIRST
            median = statistics.median(took)
            note = f"cold cache; worst of {len(took)}: {max(took):.2f} s; {self.kilobytes[name]:,.0f} kB fetched"
            aim, met = (f"≤ {MOST_FIRST_S:g}", median <= MOST_FIRST_S) if first else ("", None)
            found.append(Figure(name, "s", median, aim=aim, met=met, note=note))
        size = self.kilobytes[_SIGN_IN]
        met = size <= MOST_FIRST_KB
        found.append(Figure("Bundle of the first page, as sent", "kB", size, aim=f"≤ {MOST_FIRST_KB:g}", met=met))
        for name, (frame, task) in self.pauses.items():
            aim, met = f"≤ {MOST_PAUSE_MS:g}", frame <= MOST_PAUSE_MS
            found.append(Figure(f"{name}: longest between frames", "ms", frame, aim=aim, met=met))
            aim, met = f"≤ {MOST_TASK_MS:g}", task <= MOST_TASK_MS
            note = "" if task else "no task of 50 ms or more"
            found.append(Figure(f"{name}: longest task", "ms", task, aim=aim, met=met, note=note))
        return found


_SIGN_IN, _HOME = "First page: signing in", "First page: who is signed in"
_FIRST = (_SIGN_IN, _HOME)
_FIRST_ROW, _WHOLE = f"First row of {EXTENSIONS:,} extensions", f"All {EXTENSIONS:,} extensions"


async def run(folder: Path, tell: Callable[..., None] = lambda *_: None) -> Found:
    """In an exchange of its own in `folder`. Raises FileNotFoundError when the pages are not built."""
    (FILES / "index.html").stat()
    settings = private_settings(folder / "home")
    account, _ = await furnish(settings, pairs(EXTENSIONS // 2))
    cookie = {cookie_name(settings): await _administrator(settings)}
    found = Found()
    tell()
    async with centrale_up(settings) as control, _chromium() as browser:
        await settled(control, patience=START_S)
        address = f"http://{LOOPBACK}:{settings.http_port}"
        for _ in range(TIMES):
            async with _window(browser, address, {}) as window:
                await _opened(window, found, _SIGN_IN, "/", "input[type=password]")
            async with _window(browser, address, cookie) as window:
                await _opened(window, found, _HOME, "/", "main a[href*='/accounts/'], main h1")
            tell()
        async with _window(browser, address, cookie) as window:
            page = await _list(window, found, account)
            tell()
            await _used(page, found)
    tell()
    return found


async def _administrator(settings: Settings) -> str:
    """Somebody of the platform, signed in; gives the cookie's text."""
    database = await open_database(settings)
    try:
        async with database.change("bench") as unit:
            wanted = WebUserIn(email="admin@measured.example", name="Administrator", role=Role.PLATFORM)
            id = (await web_users.create(unit, wanted)).id
            await web_users.set_password(unit, id, PASSWORD)
            return await sessions.begin(unit, id, address=LOOPBACK, program="bench")
    finally:
        await database.close()


@asynccontextmanager
async def _chromium() -> AsyncIterator[Browser]:
    found = await asyncio.to_thread(ensure_chromium, Settings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(found.program), args=found.options)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def _window(browser: Browser, address: str, cookies: Mapping[str, str]) -> AsyncIterator[BrowserContext]:
    """A window of somebody who was never here: nothing is in its cache."""
    context = await browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.set_default_timeout(_PATIENCE_MS)
    await context.add_cookies([{"name": name, "value": text, "url": address} for name, text in cookies.items()])
    try:
        yield context
    finally:
        await context.close()


async def _opened(window: BrowserContext, found: Found, name: str, path: str, seen: str) -> Page:
    """Open a page, until `seen` is to be seen: seconds by the page's own clock, and all that was sent for it."""
    page = await window.new_page()
    wire = await window.new_cdp_session(page)
    sent: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    await wire.send("Network.enable")
    await page.goto(path, wait_until="commit")
    await page.locator(seen).first.wait_for()
    took = await page.evaluate("performance.now() / 1000")
    found.seconds.setdefault(name, []).append(took)
    found.kilobytes[name] = sum(sent) / 1000
    return page


async def _list(window: BrowserContext, found: Found, account: AccountId) -> Page:
    path = f"/accounts/{account}/extensions"
    page = await _opened(window, found, _FIRST_ROW, path, "tbody a[href*='/extensions/']")
    await page.locator(f'table[aria-rowcount="{EXTENSIONS}"]').wait_for()
    found.seconds[_WHOLE] = [await page.evaluate("performance.now() / 1000")]
    sent = "performance.getEntriesByType('resource').reduce((sum, it) => sum + it.transferSize, 0) / 1000"
    found.kilobytes[_WHOLE] = await page.evaluate(sent)
    return page


async def _used(page: Page, found: Found) -> None:
    for name, pixels in (("Scrolling, 25 rows a frame", 1_000), ("Scrolling, 120 rows a frame", 5_000)):
        await page.evaluate("document.querySelector('section[tabindex=\"0\"]').scrollTop = 0")
        async with _watching(page, found, name):
            await page.evaluate(_SCROLL, pixels)
    box = page.locator("main input").first
    async with _watching(page, found, "Typing a filter"):
        await box.press_sequentially(_FILTER, delay=120)
        await page.locator('table:not([aria-rowcount="5000"])').wait_for()
    async with _watching(page, found, "Clearing the filter"):
        for _ in _FILTER:
            await box.press("Backspace", delay=120)
        await page.locator(f'table[aria-rowcount="{EXTENSIONS}"]').wait_for()


@asynccontextmanager
async def _watching(page: Page, found: Found, name: str) -> AsyncIterator[None]:
    await page.evaluate(_WATCH)
    yield
    await asyncio.sleep(0.3)  # the last task is told a moment after it
    seen = await page.evaluate("() => { watched.stop = true; return [watched.frame, watched.task] }")
    found.pauses[name] = seen[0], seen[1]
