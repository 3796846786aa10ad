"""What gets between somebody and a form that they fill in: nothing that was typed is lost (issue 5, bad input)."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR, invited
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.running import RunningExchange

AWAY = r"status of 5\d\d|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|ERR_NETWORK"
"""What a browser reports of an exchange that does not answer."""


async def types_into_a_form(administrator: Administrator, account: int) -> None:
    await administrator.opens(f"/accounts/{account}/extensions/new?kind=user")
    await administrator.fills("Nummer", "201")
    await administrator.fills("Naam", "Anna Bol")


async def finds_it_and_saves(administrator: Administrator) -> None:
    await expect(administrator.field("Nummer")).to_have_value("201")
    await expect(administrator.field("Naam")).to_have_value("Anna Bol")
    await administrator.presses("Opslaan")
    await administrator.sees_heading("201 Anna Bol")


async def test_a_session_that_ends_in_a_form(office: Office, signs_in: SignsIn) -> None:
    someone = await invited(office.api, role="account", name=f"Ada {office.serial}", account=office.id)
    administrator = await signs_in(someone)
    await types_into_a_form(administrator, office.id)
    them = (await office.api.get("web-users", account=str(office.id)))["items"][0]
    with administrator.window.forgives("status of 401"):
        await office.api.delete(f"web-users/{them['id']}/sessions")
        # Nothing need be pressed: the page hears of it.
        await expect(administrator.dialog).to_contain_text("Wat u typte, is bewaard")
        await administrator.fills("Wachtwoord", someone.password, within=administrator.dialog)
        await administrator.presses("Inloggen", within=administrator.dialog)
        await expect(administrator.dialog).to_have_count(0)
    await finds_it_and_saves(administrator)
    assert [it["number"] for it in (await office.api.get(f"{office.path}/extensions"))["items"]] == ["201"]


async def test_a_destination_that_is_not_there_yet(office: Office, signs_in: SignsIn) -> None:
    """It is made in the midst of the form; refused once, because a menu has to say something."""
    administrator = await signs_in(OPERATOR)
    await administrator.opens(f"/accounts/{office.id}/extensions/new?kind=time_routing")
    await administrator.fills("Nummer", "530")
    await administrator.fills("Naam", "Openingstijden")
    await administrator.presses("Maak een nieuwe")
    dialog = administrator.dialog
    await administrator.chooses("Welke soort?", "Keuzemenu", within=dialog)
    await administrator.fills("Nummer", "500", within=dialog)
    await administrator.fills("Naam", "Welkom", within=dialog)
    with administrator.window.forgives("status of 422"):
        await administrator.presses("Opslaan", within=dialog)
        await expect(dialog.get_by_role("alert")).to_be_visible()
    await administrator.fills("Uit te spreken tekst", "Toets 1.", within=dialog)
    await administrator.presses("Opslaan", within=dialog)
    await expect(dialog).to_have_count(0)
    await expect(administrator.field("Anders naar")).to_have_value("500 Welkom")
    await expect(administrator.field("Nummer")).to_have_value("530")
    await expect(administrator.field("Naam")).to_have_value("Openingstijden")
    assert await administrator.page.evaluate("scrollY") > 0
    await administrator.presses("Opslaan")  # in sight all the time
    await administrator.sees_heading("530 Openingstijden")
    await administrator.page.wait_for_function("scrollY === 0")  # where its page begins
    stored = await office.api.get(f"{office.path}/extensions/530")
    assert stored["settings"]["failover"] == "500"


async def test_a_network_that_is_away_for_a_while(office: Office, signs_in: SignsIn) -> None:
    administrator = await signs_in(OPERATOR)
    await types_into_a_form(administrator, office.id)
    with administrator.window.forgives(AWAY):
        await administrator.window.context.set_offline(True)
        await administrator.presses("Opslaan")
        await administrator.is_told("De centrale antwoordt niet")
        await administrator.window.context.set_offline(False)
        await expect(administrator.page.get_by_text("De centrale antwoordt niet")).to_have_count(0)
    await finds_it_and_saves(administrator)


async def test_an_exchange_that_restarts(office: Office, exchange: RunningExchange, signs_in: SignsIn) -> None:
    """One administrator fills in a form, another one watches calls."""
    writer, watcher = await signs_in(OPERATOR), await signs_in(OPERATOR)
    live = watcher.page.get_by_role("status").filter(has_text="Live")
    await types_into_a_form(writer, office.id)
    await watcher.opens(f"/accounts/{office.id}/live")
    await expect(live).to_be_visible()
    with writer.window.forgives(AWAY), watcher.window.forgives(AWAY):
        await exchange.stop()
        await writer.presses("Opslaan")
        await writer.is_told("De centrale antwoordt niet")
        await watcher.is_told("De verbinding is weg")
        await exchange.start()
        await expect(writer.page.get_by_text("De centrale antwoordt niet")).to_have_count(0)
        await expect(live).to_be_visible(timeout=40_000)
    await finds_it_and_saves(writer)
