"""WCAG 2.2 AA by axe: every page of the portal, light and dark, on a desk and on a telephone (PTL-1, issue 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import cycle
from typing import Literal

from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.browser.addresses import Furnished
from tests.e2e.browser.conftest import OpenWindow, SignsIn
from tests.e2e.browser.people import OPERATOR, invited
from tests.e2e.browser.window import AXE, DESKTOP, PHONE
from tests.e2e.exchange.office import Office

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

DESK_THEN_TELEPHONE = ((DESKTOP, "light"), (PHONE, "dark"))
DESK_BY_NIGHT = ((DESKTOP, "dark"), (PHONE, "light"))
"""All rules on both widths and in both looks, in two judgements of each page instead of four: a page on whose desk the
light is on has the dark on its telephone, and the next page the other way round.
"""

_JUDGE = """
async tags => {
  const how = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
  const { violations } = await axe.run(document, how);
  return violations.flatMap(it => it.nodes.map(node => `${it.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} `
    + (node.any[0]?.message ?? '')));
}
"""

_COLOURS_STAND = """
() => Promise.allSettled(document.getAnimations()
  .filter(it => it.effect?.getComputedTiming().endTime !== Infinity).map(it => it.finished))
"""


async def test_no_page_has_a_violation(furnished: Furnished, signs_in: SignsIn) -> None:
    operator = await signs_in(OPERATOR, trace=False)
    await operator.opens("/myself")
    await fetch_rules(operator.page)
    found: list[str] = []
    for address, looks in zip(furnished.walk(), cycle((DESK_THEN_TELEPHONE, DESK_BY_NIGHT)), strict=False):
        await operator.goes_on_to(address)
        found += [f"{address} {violation}" for violation in await violations(operator.page, looks)]
    assert not found, "\n".join(found)


async def test_the_page_of_a_user_has_no_violation(office: Office, signs_in: SignsIn) -> None:
    """The one page that the operator, who is no user, has not."""
    await office.user("201", "Anna Bol")
    place = {"account": office.id, "extension": "201"}
    anna = await signs_in(await invited(office.api, role="end_user", name=f"Anna {office.serial}", **place))
    await anna.has_all()
    await fetch_rules(anna.page)
    found = await violations(anna.page, DESK_THEN_TELEPHONE + DESK_BY_NIGHT)
    assert not found, "\n".join(found)


async def test_the_door_has_no_violation(open_window: OpenWindow) -> None:
    page = (await open_window()).page
    for path in ("/", "/choose-password"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await fetch_rules(page)
        found = await violations(page, DESK_THEN_TELEPHONE + DESK_BY_NIGHT)
        assert not found, "\n".join(found)


async def fetch_rules(page: Page) -> None:
    """Into the page as it is loaded now; past the content security policy, unlike a script element."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))


_NAMED = re.compile(r"\S – Centrale$")
"""What the browser's tab is called: axe is content with any name (WCAG 2.4.2)."""


async def violations(page: Page, looks: Iterable[tuple[ViewportSize, Literal["light", "dark"]]]) -> list[str]:
    """Everything that axe finds on the page that is shown now, in each of these looks."""
    found: list[str] = []
    await expect(page).to_have_title(_NAMED)
    for size, scheme in looks:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        await page.evaluate(_COLOURS_STAND)
        width = size["width"]
        found += [f"({scheme}, {width} wide) {violation}" for violation in await page.evaluate(_JUDGE, RULES)]
    return found
