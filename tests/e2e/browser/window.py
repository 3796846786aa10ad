"""A browser window that notices everything that goes wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

ROOT = Path(__file__).resolve().parents[3]
LEFT_OF_FAILURES = ROOT / "build" / "browser"
"""A screenshot and a trace of each story that failed."""

AXE = ROOT / "portal" / "node_modules" / "axe-core" / "axe.min.js"
"""The rules of accessibility, one of the portal's own development packages."""

DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 30_000
"""Until something appears on a busy machine; only a failure waits so long."""

# How a page finds out that nobody is signed in: it asks, and a browser reports the answer 401 as an error.
_NOBODY_HERE = r"status of 401 .*/api/v1/session$"


class Window:
    """`problems`: what a story may not leave behind: errors in the console, broken scripts, what the content security
    policy stopped, and requests to anybody but the exchange.
    """

    def __init__(self, context: BrowserContext, page: Page, address: str, *, traced: bool) -> None:
        self._traced = traced
        self.context = context
        self.page = page
        self.address = address
        self.problems: list[str] = []
        self._forgiven = [_NOBODY_HERE]
        self._watch(page)
        context.on("request", self._on_request)

    @classmethod
    async def open(
        cls, browser: Browser, address: str, *, size: ViewportSize = DESKTOP, dark: bool = False, trace: bool = True
    ) -> Window:
        """A window with nothing stored in it, on a machine that speaks Dutch."""
        context = await browser.new_context(
            base_url=address,
            viewport=size,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        if trace:
            await context.tracing.start(screenshots=True, snapshots=True)
        return cls(context, await context.new_page(), address, traced=trace)

    async def close(self, story: str, *, failed: bool) -> None:
        """Close it; of a story that failed a picture and the trace stay."""
        if failed:
            LEFT_OF_FAILURES.mkdir(parents=True, exist_ok=True)
            place = LEFT_OF_FAILURES / re.sub(r"[^\w-]+", "-", story)
            await self.page.screenshot(path=place.with_suffix(".png"))
            if self._traced:
                await self.context.tracing.stop(path=place.with_suffix(".zip"))
        await self.context.close()

    async def another_page(self) -> Page:
        """A tab beside the first, watched as that one is."""
        page = await self.context.new_page()
        self._watch(page)
        return page

    def _watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._note(f"broken script: {error}"))

    @contextmanager
    def forgives(self, *patterns: str) -> Iterator[None]:
        """What happens in the block may lead to such messages: the story provokes them."""
        self._forgiven += patterns
        try:
            yield
        finally:
            for pattern in patterns:
                self._forgiven.remove(pattern)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.text} {message.location.get('url', '')}".strip())

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != self.address:
            self._note(f"asked somebody else: {request.url}")

    def _note(self, problem: str) -> None:
        if not any(re.search(pattern, problem, re.DOTALL) for pattern in self._forgiven):
            self.problems.append(problem)
