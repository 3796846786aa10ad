"""Dutch and English: whole pages, and no key to be seen (PTL-2)."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.addresses import furnish, routes
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR, Person
from tests.e2e.exchange.office import Office

KEY = re.compile(r"\b(?:[a-z]+(?:[A-Z][a-z]+)*\.)+[a-z]+(?:[A-Z_][A-Za-z_]*)\b|\{\{|\}\}")
"""As `plans.week.newEntry` or `{{count}}`: what stands where a text is missing."""


async def speaks(person: Person, language: str) -> None:
    """By the menu of who is signed in."""
    await person.page.get_by_role("banner").get_by_role("button", name="Beheer", exact=True).click()
    await person.page.get_by_role("radio", name=language).check(force=True)
    await person.page.keyboard.press("Escape")


async def goes_straight_to(person: Person, address: str) -> None:
    """Without a reload, which would bring back the language of the web user."""
    await person.page.evaluate(
        "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", address
    )
    await expect(person.page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)


async def test_the_language_changes_at_once_and_back(signs_in: SignsIn) -> None:
    operator = await signs_in(OPERATOR)
    await operator.sees_heading("Klanten")
    await speaks(operator, "English")
    await operator.sees_heading("Customers")
    await expect(operator.page.locator("html")).to_have_attribute("lang", "en")
    await speaks(operator, "Nederlands")
    await operator.sees_heading("Klanten")
    await expect(operator.page.locator("html")).to_have_attribute("lang", "nl")


@pytest.mark.parametrize("language", ["Nederlands", "English"])
async def test_no_page_shows_a_key(office: Office, signs_in: SignsIn, language: str) -> None:
    furnished = await furnish(office)
    operator = await signs_in(OPERATOR, trace=False)
    await speaks(operator, language)
    found: list[str] = []
    for route in routes():
        if route == "/me":
            continue  # of who is a user; its words are the same catalogue's
        await goes_straight_to(operator, furnished.addresses(route)[0])
        text = await operator.page.get_by_role("main").inner_text()
        found += [f"{route}: {key}" for key in KEY.findall(text)]
    assert not found, "\n".join(found)
