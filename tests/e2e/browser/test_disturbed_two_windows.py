"""Two administrators have the same thing open: the second sees what the first one saves, at once (PTL-2, issue 5.6)."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.browser.administrator import SAVED
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR, invited
from tests.e2e.exchange.office import Office


async def test_what_one_saves_stands_on_the_others_page_and_what_they_typed_too(
    office: Office, signs_in: SignsIn
) -> None:
    api, path = office.api, office.path
    await api.post(f"{path}/extensions", number="201", kind="user", name="Anna Bol")
    someone = await invited(api, role="account", name=f"Ada {office.serial}", account=office.id)
    first, second = await signs_in(OPERATOR), await signs_in(someone)
    await first.opens(f"/accounts/{office.id}/extensions")
    await second.opens(f"/accounts/{office.id}/extensions/201")
    await expect(second.field("Naam")).to_have_value("Anna Bol")
    await first.sees_row("201", "Anna Bol")

    await api.patch(f"{path}/extensions/201", name="Anna Bos")
    await first.sees_row("201", "Anna Bos")
    await expect(second.field("Naam")).to_have_value("Anna Bos")

    await second.fills("Naam", "Anna van Bos")
    await api.patch(f"{path}/extensions/201", settings={"ring_for": 25})
    await expect(second.page.get_by_text("25 s").first).to_be_visible()
    await expect(second.field("Naam")).to_have_value("Anna van Bos")
    with second.window.forgives("status of 412"):
        await second.presses("Opslaan")
        await second.is_told(SAVED)
    stored = await api.get(f"{path}/extensions/201")
    assert (stored["name"], stored["settings"]["ring_for"]) == ("Anna van Bos", 25)
    await first.sees_row("201", "Anna van Bos")
