"""Who sits before the portal: finds all by the words and roles by which a person, or a screen reader, finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from playwright.async_api import Locator, expect

from centrale.accounts.demo import ADMINISTRATOR
from tests.e2e.browser.window import PATIENCE_MS, Window
from tests.e2e.exchange.api import Api

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True, slots=True)
class Someone:
    """A web user."""

    email: str
    password: str


OPERATOR = Someone(ADMINISTRATOR, "vier groene paarden")
"""The platform's administrator of every new exchange on loopback."""


async def invited(api: Api, *, role: str, name: str, language: str = "nl", **place: object) -> Someone:
    """A new web user, who has chosen a password already."""
    someone = Someone(f"{name.lower().replace(' ', '.')}@klant.example", "negen gele eenden")
    made = await api.post("web-users", email=someone.email, name=name, role=role, language=language, **place)
    link = urlsplit(made["link"]).fragment
    await api.post("session/chosen", link=link, password=someone.password)
    return someone


_FOLLOW = """
path => {
  history.pushState({ idx: history.state.idx + 1 }, '', path);  // what the router numbers its own steps by
  dispatchEvent(new PopStateEvent('popstate'));
}
"""


class Person:
    """Acts in one window. What is asked for by its words has to be there once, and visible."""

    def __init__(self, window: Window, who: Someone) -> None:
        self.window = window
        self.page = window.page
        self.who = who

    # Coming and going -------------------------------------------------------------------------------------------

    async def comes_in(self) -> None:
        """Is signed in, without the door."""
        answer = await self.window.context.request.post(
            "/api/v1/session", data={"email": self.who.email, "password": self.who.password}
        )
        assert answer.ok, await answer.text()
        await self.page.goto("/")
        await expect(self.page.get_by_role("navigation")).to_be_visible()

    async def signs_in(self) -> None:
        """By the door, in the language of the browser."""
        await self.page.goto("/")
        await self.passes_the_door()

    async def passes_the_door(self) -> None:
        await self.fills("E-mailadres", self.who.email)
        await self.fills("Wachtwoord", self.who.password)
        await self.presses("Inloggen")
        await expect(self.page.get_by_role("navigation")).to_be_visible()

    async def follows_invitation(self, letter: EmailMessage) -> None:
        """From the mail to the first page behind the door."""
        text = letter.get_content()
        found = re.search(r"http://\S+", text)
        assert found is not None, text
        await self.page.goto(found[0])
        await self.sees_heading("Kies een wachtwoord")
        await self.fills("Wachtwoord", self.who.password)
        await self.presses("Opslaan")
        await self.is_told("Uw wachtwoord is ingesteld.")
        await self.follows("Naar inloggen")
        await self.passes_the_door()

    async def opens(self, path: str) -> None:
        """Types an address within the portal."""
        await self.page.goto(path)

    async def goes_on_to(self, path: str) -> None:
        """To another page as by a link, so that the portal is not loaded again: a fifth of the work of `opens`.

        Not from one thing to the next on the same page: its heading would be taken for the new one.
        """
        heading = self.page.get_by_role("heading", level=1)
        left = await heading.element_handle()
        await self.page.evaluate(_FOLLOW, path)
        await left.wait_for_element_state("hidden")
        await expect(heading).to_be_visible()
        await self.has_all()

    async def has_all(self) -> None:
        """What was asked for is there. A stream of events stays open, so a quiet network is not waited for."""
        await expect(self.page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)

    async def goes_to(self, title: str) -> None:
        """By the menu; to the customer's own page, where the platform has one of this name too."""
        await self.page.get_by_role("navigation").get_by_role("link", name=title, exact=True).last.click()
        await self.sees_heading(title)

    # Doing ------------------------------------------------------------------------------------------------------

    async def presses(self, name: str, *, within: Locator | None = None) -> None:
        await (within or self.page).get_by_role("button", name=name, exact=True).click()

    async def follows(self, name: str, *, within: Locator | None = None) -> None:
        """A link."""
        await (within or self.page).get_by_role("link", name=name, exact=True).click()

    async def fills(self, label: str, value: str, *, within: Locator | None = None) -> None:
        await self.field(label, within).fill(value)

    async def chooses(self, label: str, *options: str, within: Locator | None = None) -> None:
        """From a list that opens under a field; several, where it takes several."""
        field = self.field(label, within)
        await field.click()
        for option in options:
            await self.page.get_by_role("option", name=option, exact=True).click()

    async def tab(self, name: str) -> None:
        await self.page.get_by_role("tab", name=name, exact=True).click()

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The one with this label, whether or not a star says that it is required."""
        place = within or self.page
        return place.get_by_role("textbox", name=label, exact=True).or_(
            place.get_by_role("combobox", name=label, exact=True)
        )

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    # Seeing -----------------------------------------------------------------------------------------------------

    async def sees_heading(self, title: str) -> None:
        """So is the browser's tab called (WCAG 2.4.2)."""
        await expect(self.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
        await expect(self.page).to_have_title(f"{title} – Centrale")

    async def is_told(self, text: str) -> None:
        """By a notification or an alert."""
        await expect(self.page.get_by_text(text, exact=False).first).to_be_visible()

    async def hears_and_closes(self, text: str) -> None:
        """A notification; closed, it is not taken for a later one."""
        notification = self.page.get_by_role("alert").filter(has_text=text)
        await self.presses("Sluiten", within=notification)
        await expect(notification).to_have_count(0)

    async def sees_row(self, *texts: str) -> Locator:
        """The one row of a table that holds all these."""
        row = self.page.get_by_role("row")
        for text in texts:
            row = row.filter(has_text=text)
        await expect(row).to_have_count(1)
        return row
