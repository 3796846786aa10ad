"""Dutch and English: whole pages, and no key to be seen (PTL-2)."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.addresses import furnish, routes
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR, Person, invited
from tests.e2e.exchange.office import Office

KEY = re.compile(r"\b(?:[a-z]+(?:[A-Z][a-z]+)*\.)+[a-z]+(?:[A-Z_][A-Za-z_]*)\b|\{\{|\}\}")
"""As `plans.week.newEntry` or `{{count}}`: what stands where a text is missing."""


async def speaks(person: Person, language: str) -> None:
    """By the menu of who is signed in."""
    await person.page.get_by_role("banner").get_by_role("button", name="Beheer", exact=True).click()
    await person.page.get_by_role("radiogroup", name=re.compile("Taal|Language")).get_by_text(language).click()
    await person.page.keyboard.press("Escape")


async def test_the_language_changes_at_once_and_back(signs_in: SignsIn) -> None:
    operator = await signs_in(OPERATOR)
    await operator.sees_heading("Klanten")
    await speaks(operator, "English")
    await operator.sees_heading("Customers")
    await expect(operator.page.locator("html")).to_have_attribute("lang", "en")
    await speaks(operator, "Nederlands")
    await operator.sees_heading("Klanten")
    await expect(operator.page.locator("html")).to_have_attribute("lang", "nl")


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_no_page_shows_a_key(office: Office, signs_in: SignsIn, language: str) -> None:
    furnished = await furnish(office)
    reader = await invited(office.api, role="platform", name=f"Reader {office.serial}", language=language)
    operator = await signs_in(reader, trace=False)
    await expect(operator.page.locator("html")).to_have_attribute("lang", language)
    found: list[str] = []
    for route in routes():
        if route == "/me":
            continue  # of who is a user; its words are the same catalogue's
        await operator.opens(furnished.addresses(route)[0])
        await expect(operator.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(operator.page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)
        text = await operator.page.get_by_role("main").inner_text()
        found += [f"{route}: {key}" for key in KEY.findall(text)]
    assert not found, "\n".join(found)
