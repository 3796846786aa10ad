"""The portal is built anew under an open page: its parts have other names from then on (issue 5.7, bad input)."""

from __future__ import annotations

from playwright.async_api import Request, Route, expect

from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR
from tests.e2e.exchange.office import Office

GONE = r"status of 404|Failed to fetch dynamically imported"
LOADED_ANEW = "Deze pagina is opnieuw geladen, want de centrale is vernieuwd."


async def is_renewed(administrator: Administrator, part: str, *, comes_back: bool = True) -> None:
    """The part has another name from now on; after a reload the page knows it, unless it never `comes_back`."""
    loaded_anew = False

    def seen(request: Request) -> None:
        nonlocal loaded_anew
        loaded_anew = loaded_anew or request.is_navigation_request()

    async def answer(route: Route) -> None:
        if loaded_anew and comes_back:
            await route.continue_()
        else:
            await route.fulfill(status=404, content_type="application/problem+json", body="{}")

    administrator.page.on("request", seen)
    await administrator.page.route(f"**/assets/{part}-*.js", answer)


async def clicks_away(administrator: Administrator) -> None:
    await administrator.page.get_by_role("navigation").get_by_role("link", name="Kanalen", exact=True).click()


async def test_what_was_typed_is_there_after_it(office: Office, signs_in: SignsIn) -> None:
    administrator = await signs_in(OPERATOR)
    await administrator.opens(f"/accounts/{office.id}/extensions/new?kind=user")
    await administrator.fills("Nummer", "201")
    await administrator.fills("Naam", "Anna Bol")
    with administrator.window.forgives(GONE):
        await is_renewed(administrator, "UnsavedDialog")
        await clicks_away(administrator)
        await administrator.is_told(LOADED_ANEW)
    await expect(administrator.field("Naam")).to_have_value("Anna Bol")
    await administrator.presses("Opslaan")
    await administrator.sees_heading("201 Anna Bol")


async def test_a_part_that_stays_away_does_not_make_it_go_round(office: Office, signs_in: SignsIn) -> None:
    administrator = await signs_in(OPERATOR)
    await administrator.opens(f"/accounts/{office.id}/extensions")
    loads = []
    administrator.page.on("load", lambda _: loads.append(administrator.page.url))
    with administrator.window.forgives(GONE):
        await is_renewed(administrator, "ChannelList", comes_back=False)
        await clicks_away(administrator)
        await expect(administrator.page.get_by_role("button", name="Opnieuw proberen")).to_be_visible()
    assert len(loads) == 1
