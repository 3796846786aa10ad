"""The door of the portal (ROLE-1)."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.browser.conftest import OpenWindow
from tests.e2e.browser.people import OPERATOR, Person, Someone


async def test_who_signs_in_sees_the_customers_and_who_signs_out_is_outside(open_window: OpenWindow) -> None:
    operator = Person(await open_window(), OPERATOR)
    await operator.signs_in()
    await operator.sees_heading("Klanten")
    await operator.sees_row("DEMO")
    await operator.presses("Beheer")
    await operator.page.get_by_role("menuitem", name="Uitloggen").click()
    await operator.sees_heading("Inloggen")
    await operator.opens("/accounts/1/extensions")
    await operator.sees_heading("Inloggen")


async def test_a_wrong_password_is_refused_in_words(open_window: OpenWindow) -> None:
    stranger = Person(await open_window(), Someone(OPERATOR.email, "drie groene paarden"))
    await stranger.page.goto("/")
    with stranger.window.forgives("status of 401"):
        await stranger.fills("E-mailadres", stranger.who.email)
        await stranger.fills("Wachtwoord", stranger.who.password)
        await stranger.presses("Inloggen")
        await expect(stranger.page.get_by_role("alert")).to_be_visible()
    await stranger.sees_heading("Inloggen")
