"""Dutch and English: whole pages, and no key to be seen (PTL-2)."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.addresses import Furnished
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR, Person, invited

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
async def test_no_page_shows_a_key(furnished: Furnished, signs_in: SignsIn, language: str) -> None:
    reader = await invited(furnished.office.api, role="platform", name=f"Reader {language}", language=language)
    operator = await signs_in(reader, trace=False)
    await operator.opens("/myself")
    await expect(operator.page.locator("html")).to_have_attribute("lang", language)
    found: list[str] = []
    for address in furnished.walk():
        await operator.goes_on_to(address)
        text = await operator.page.get_by_role("main").inner_text()
        found += [f"{address}: {key}" for key in KEY.findall(text)]
    assert not found, "\n".join(found)
