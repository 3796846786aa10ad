"""An extension is made without a mouse, from the door to what is saved (WCAG 2.2 AA, issue 5.5)."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.e2e.browser.conftest import OpenWindow
from tests.e2e.browser.people import Person, invited
from tests.e2e.exchange.office import Office

FARTHEST = 60
"""Steps in which everything of a page is reached."""

_SEEN = "it => it === document.activeElement && it.matches(':focus-visible')"


class Keys:
    """Somebody's keyboard; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.press = page.keyboard.press
        self.types = page.keyboard.type

    async def tabs_to(self, wanted: Locator) -> None:
        """Step by step. It is seen where one is."""
        await expect(wanted).to_be_visible()
        for _ in range(FARTHEST):
            if await wanted.evaluate(_SEEN):
                return
            await self.press("Tab")
        raise AssertionError(f"no key leads to {wanted}")

    async def writes(self, field: Locator, text: str) -> None:
        await self.tabs_to(field)
        await self.types(text)

    async def arrows_to(self, wanted: Locator) -> None:
        """Within a menu that is open."""
        for _ in range(FARTHEST):
            if await wanted.evaluate(_SEEN):
                return
            await self.press("ArrowDown")
        raise AssertionError(f"no key leads to {wanted}")


async def test_from_the_door_to_an_extension_that_is_saved(office: Office, open_window: OpenWindow) -> None:
    someone = await invited(office.api, role="account", name=f"Ada {office.serial}", account=office.id)
    ada = Person(await open_window(), someone)
    page, keys = ada.page, Keys(ada.page)
    await page.goto("/")
    await keys.writes(ada.field("E-mailadres"), someone.email)
    await keys.writes(ada.field("Wachtwoord"), someone.password)
    await keys.press("Enter")
    await ada.sees_heading(f"Customer {office.serial}")

    await keys.tabs_to(page.get_by_role("navigation").get_by_role("link", name="Extensies", exact=True))
    await keys.press("Enter")
    await ada.sees_heading("Extensies")

    await keys.tabs_to(page.get_by_role("link", name="Naar de pagina"))  # past the whole menu
    await keys.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    await keys.tabs_to(page.get_by_role("button", name="Nieuwe extensie", exact=True))
    await keys.press("Enter")
    await keys.arrows_to(page.get_by_role("menuitem", name="Gebruiker", exact=True))
    await keys.press("Enter")

    await keys.writes(ada.field("Nummer"), "201")
    await keys.writes(ada.field("Naam"), "Anna Bol")
    await keys.writes(ada.field("Pincode"), "4826")
    await keys.tabs_to(page.get_by_role("button", name="Opslaan", exact=True))
    await keys.press("Enter")
    await ada.sees_heading("201 Anna Bol")


async def test_a_menu_is_left_by_escape_and_one_is_where_one_was(office: Office, open_window: OpenWindow) -> None:
    someone = await invited(office.api, role="account", name=f"Bas {office.serial}", account=office.id)
    bas = Person(await open_window(), someone)
    await bas.comes_in()
    keys = Keys(bas.page)
    who = bas.page.get_by_role("banner").get_by_role("button", name=f"Bas {office.serial}", exact=True)
    await keys.tabs_to(who)
    await keys.press("Enter")
    await expect(bas.page.get_by_role("menuitem", name="Uitloggen")).to_be_visible()
    await keys.press("Escape")
    await expect(bas.page.get_by_role("menuitem", name="Uitloggen")).to_have_count(0)
    await expect(who).to_be_focused()
