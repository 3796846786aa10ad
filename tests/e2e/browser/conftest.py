"""One exchange and one Chromium serve the stories; each story has windows and a customer of its own."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from centrale.runtime import Runtime, ensure_chromium
from centrale.settings import Settings
from tests.e2e.browser.addresses import Furnished, furnish
from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.people import Someone
from tests.e2e.browser.window import AXE, ROOT, Window
from tests.e2e.exchange.conftest import OpenOffice, customers_of
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.post_box import PostBox
from tests.e2e.exchange.running import RunningExchange

OpenWindow = Callable[..., Awaitable[Window]]
SignsIn = Callable[..., Awaitable[Administrator]]


@pytest.fixture(scope="session")
def pages() -> None:
    """The portal as built by `make`; built here, by one process at a time, when a story runs without it."""
    with (ROOT / "build" / "portal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (ROOT / "src" / "centrale" / "portal_files" / "index.html").exists() or not AXE.exists():
            subprocess.run([sys.executable, str(ROOT / "tools" / "portal.py")], check=True)
        if not AXE.exists():  # the pages are up to date, and their packages were removed
            install = "import portal; portal.describe_api(); portal.install()"
            subprocess.run([sys.executable, "-c", install], cwd=ROOT / "tools", check=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def post_box() -> AsyncIterator[PostBox]:
    """Where all mail of the shared exchange is delivered."""
    post_box = PostBox()
    await post_box.open()
    yield post_box
    post_box.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def exchange(
    pages: None, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory, post_box: PostBox
) -> AsyncIterator[RunningExchange]:
    """`runtime`: so that it is fetched before, not within the time that a start may take."""
    mail = {"smtp_url": f"smtp://127.0.0.1:{post_box.port}?tls=none", "mail_from": "centrale@example.org"}
    async with RunningExchange(tmp_path_factory.mktemp("exchange"), **mail) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def open_office(exchange: RunningExchange, runtime: Runtime) -> AsyncIterator[OpenOffice]:
    """Make customers of the shared exchange."""
    async with customers_of(exchange, runtime) as open_office:
        yield open_office


@pytest_asyncio.fixture(loop_scope="session")
async def office(open_office: OpenOffice) -> Office:
    """A customer with a main number, and nothing else yet."""
    return await open_office()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished(exchange: RunningExchange, runtime: Runtime) -> AsyncIterator[Furnished]:
    """A customer that has one of everything, for stories that look at all pages and change nothing."""
    async with customers_of(exchange, runtime) as open_office:
        yield await furnish(await open_office())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A system Chromium, or the one that `make test` fetched."""
    found = ensure_chromium(Settings())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(found.program), args=found.options)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_window(
    chromium: Browser, exchange: RunningExchange, request: pytest.FixtureRequest
) -> AsyncIterator[OpenWindow]:
    """Open windows on the shared exchange. A story whose windows saw something go wrong fails, whatever it found."""
    windows: list[Window] = []

    async def open_window(*, at: RunningExchange = exchange, **how: Any) -> Window:
        window = await Window.open(chromium, f"http://127.0.0.1:{at.settings.http_port}", **how)
        windows.append(window)
        return window

    yield open_window
    problems = [problem for window in windows for problem in window.problems]
    failed = bool(problems) or not getattr(request.node, "story_held", False)
    for number, window in enumerate(windows, 1):
        await window.close(f"{request.node.name}-{number}", failed=failed)
    assert not problems, "\n".join(problems)


@pytest_asyncio.fixture(loop_scope="session")
async def signs_in(open_window: OpenWindow, exchange: RunningExchange) -> SignsIn:
    """Somebody is signed in, in a window of their own, where the story is not about the door."""

    async def signs_in(someone: Someone, *, at: RunningExchange = exchange, **how: Any) -> Administrator:
        person = Administrator(await open_window(at=at, **how), someone)
        await person.comes_in()
        return person

    return signs_in


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """So that a window knows at its end whether its story held."""
    report = yield
    if report.when == "call":
        item.story_held = report.passed  # type: ignore[attr-defined]
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one loop: browser and exchange are watched from it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.real)
