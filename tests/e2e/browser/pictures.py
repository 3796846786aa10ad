"""Takes the pictures of the README: `make screenshots`. A whole exchange, a furnished customer, a call that goes on."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from centrale.runtime import BarProgress, RuntimeUnavailable, ensure_chromium, ensure_runtime
from centrale.settings import Settings
from tests.e2e.browser.bakery import busy_morning, open_bakery, short_call
from tests.e2e.browser.people import Person, invited
from tests.e2e.browser.window import DESKTOP, PHONE, ROOT, Window
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.running import RunningExchange

PICTURES = ROOT / "docs" / "pictures"
QUALITY = 72
"""Of the JPEG: readable, and far below 150 kB each."""


async def take(person: Person, name: str, *, shows: str) -> None:
    """The window as it is, once it shows this and nothing loads any more."""
    await expect(person.page.get_by_role("main").get_by_text(shows).first).to_be_visible()
    await expect(person.page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)
    await person.page.mouse.move(0, 0)
    await person.page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=QUALITY)
    print(f"  docs/pictures/{name}.jpg", flush=True)


async def take_all(exchange: RunningExchange, office: Office, chromium: Browser) -> None:
    """What the bakery's own administrator sees, in English."""
    bakery = await open_bakery(office)
    reader = await invited(office.api, role="account", name="Olga Bol", language="en", account=office.id)
    address = f"http://127.0.0.1:{exchange.settings.http_port}"
    olga = Person(await Window.open(chromium, address, size=DESKTOP, trace=False), reader)
    await olga.comes_in()
    base = f"/accounts/{office.id}"
    await olga.opens(f"{base}/extensions")
    await take(olga, "extensions", shows="Anna Bol")
    await olga.opens(f"{base}/plans/1/week")
    await take(olga, "week", shows="Mon–Fri")
    await olga.opens(f"{base}/records/{await short_call(bakery)}")
    await take(olga, "trace", shows="Number plan")
    calls = await busy_morning(bakery)
    await olga.opens(f"{base}/queues/wallboard")
    await take(olga, "wallboard", shows="Orders")
    await olga.opens(f"{base}/live")
    await take(olga, "live", shows="De Groot")
    phone = Person(await Window.open(chromium, address, size=PHONE, dark=True, trace=False), reader)
    await phone.comes_in()
    await phone.opens(f"{base}/queues/wallboard")
    await take(phone, "phone", shows="Orders")
    for call in calls:
        await call.hang_up()


async def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        with BarProgress() as progress:
            runtime = ensure_runtime(Settings(), progress, tools=True)
            found = ensure_chromium(Settings(), progress)
    except RuntimeUnavailable as error:
        print(f"✗ {error}\n→ {error.remedy}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home:
        async with RunningExchange(Path(home) / "home") as exchange, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=str(found.program), args=found.options)
            office = Office(exchange, runtime)
            try:
                await take_all(exchange, office, chromium)
            finally:
                await office.close()
                await chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
