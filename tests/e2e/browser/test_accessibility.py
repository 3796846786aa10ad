"""WCAG 2.2 AA by axe: every page of the portal, light and dark, on a desk and on a telephone (PTL-1, issue 5.5)."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect

from tests.e2e.browser.addresses import furnish, routes
from tests.e2e.browser.conftest import OpenWindow, SignsIn
from tests.e2e.browser.people import OPERATOR, invited
from tests.e2e.browser.window import AXE, DESKTOP, PHONE, Window
from tests.e2e.exchange.office import Office

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""What can differ between light and dark."""
TABS = 3
"""Pages looked at side by side: one loads while another is judged."""

_JUDGE = """
async ([tags, only]) => {
  const how = only ? { runOnly: { type: 'rule', values: only } } : { runOnly: { type: 'tag', values: tags } };
  const { violations } = await axe.run(document, { ...how, resultTypes: ['violations'] });
  return violations.flatMap(it => it.nodes.map(node => `${it.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} `
    + (node.any[0]?.message ?? '')));
}
"""

_COLOURS_STAND = """
() => Promise.allSettled(document.getAnimations()
  .filter(it => it.effect?.getComputedTiming().endTime !== Infinity).map(it => it.finished))
"""


async def test_no_page_has_a_violation(office: Office, signs_in: SignsIn) -> None:
    furnished = await furnish(office)
    operator = await signs_in(OPERATOR, trace=False)
    todo = [address for route in routes() if route != "/me" for address in furnished.addresses(route)]
    found: list[str] = []

    async def look_at_them(window: Window) -> None:
        page = await window.another_page()
        while todo:
            address = todo.pop()
            found.extend(f"{address} {violation}" for violation in await violations(page, address))

    await asyncio.gather(*(look_at_them(operator.window) for _ in range(TABS)))
    assert not found, "\n".join(found)


async def test_the_page_of_a_user_has_no_violation(office: Office, signs_in: SignsIn) -> None:
    """The one page that the operator, who is no user, has not."""
    await office.user("201", "Anna Bol")
    place = {"account": office.id, "extension": "201"}
    anna = await signs_in(await invited(office.api, role="end_user", name=f"Anna {office.serial}", **place))
    found = await violations(anna.page, "/me")
    assert not found, "\n".join(found)


async def test_the_door_has_no_violation(open_window: OpenWindow) -> None:
    window = await open_window()
    found = [each for path in ("/", "/choose-password") for each in await violations(window.page, path)]
    assert not found, "\n".join(found)


async def violations(page: Page, address: str) -> list[str]:
    """Everything that axe finds there: all rules on both widths, colours in both looks."""
    await page.set_viewport_size(DESKTOP)
    await page.emulate_media(color_scheme="light")
    await page.goto(address)
    await page.get_by_role("heading", level=1).wait_for()
    await settled(page)
    await page.evaluate(AXE.read_text(encoding="utf-8"))  # past the content security policy, unlike a script element
    found = await judge(page, "desk")
    await page.emulate_media(color_scheme="dark")
    await looks(page, "dark")
    found += await judge(page, "desk, dark", COLOURS)
    await page.set_viewport_size(PHONE)
    found += await judge(page, "telephone, dark", COLOURS)
    await page.emulate_media(color_scheme="light")
    await looks(page, "light")
    return found + await judge(page, "telephone")


async def settled(page: Page) -> None:
    """What was asked for is there. A stream of events stays open, so a quiet network is not waited for."""
    await expect(page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)


async def looks(page: Page, scheme: str) -> None:
    """Wait until the pages have heard of it."""
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    await page.evaluate(_COLOURS_STAND)


async def judge(page: Page, where: str, only: list[str] | None = None) -> list[str]:
    return [f"({where}) {violation}" for violation in await page.evaluate(_JUDGE, [RULES, only])]
