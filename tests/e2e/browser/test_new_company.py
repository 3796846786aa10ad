"""The ten-minute journey: from an empty customer to the first call, seen live and in the history (issue 5)."""

from __future__ import annotations

from playwright.async_api import expect

from centrale.phones.wire import WirePhone
from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import OpenWindow
from tests.e2e.browser.people import OPERATOR
from tests.e2e.exchange.running import RunningExchange

NUMBER = "+31205559001"
OUTSIDER = "+31612345678"
ANNA, BERT = "201 Anna Bol", "202 Bert Bol"


async def test_a_new_company_telephones(open_window: OpenWindow, exchange: RunningExchange) -> None:
    operator = Administrator(await open_window(), OPERATOR)
    await operator.signs_in()
    async with WirePhone("provider", exchange.server, tone=500) as provider:
        await operator.makes_trunk("provider", port=provider.port)
        await operator.makes_customer("K900", "Bakkerij Bol")
        await operator.makes_extension("Gebruiker", "201", "Anna Bol", pin="4826")
        await operator.makes_extension("Gebruiker", "202", "Bert Bol", pin="5937")
        annas, berts = await operator.makes_channel(user=ANNA), await operator.makes_channel(user=BERT)
        await operator.makes_queue("600", "Winkel", members=[ANNA, BERT])
        await operator.makes_announcement("601", "Gesloten", text="De bakkerij is gesloten.")
        await operator.makes_menu(
            "500", "Welkom", question="Toets 1 voor de winkel.", options={"1": "600 Winkel", "2": "601 Gesloten"}
        )
        await operator.adds_number(NUMBER)
        await operator.makes_plan("Open", number=NUMBER, leads_to="500 Welkom")
        await operator.makes_plan("Dicht", number=NUMBER, leads_to="601 Gesloten")
        await operator.sets_working_hours("1 Open")
        await operator.sets_standing_plan("2 Dicht")
        await operator.adds_holiday("Kerst", "2030-12-25T00:00", "2030-12-27T00:00", plan="2 Dicht")
        await operator.expects_call("Winkel", caller=OUTSIDER, called=NUMBER, enters="1", reaches="600 Winkel")
        await operator.switches_now("1 Open")
        async with (
            WirePhone("Anna", exchange.server, credentials=annas, tone=700) as anna,
            WirePhone("Bert", exchange.server, credentials=berts, tone=1000) as bert,
        ):
            await anna.register()
            await bert.register()
            await a_call_is_seen_live(operator, provider, anna, bert)
    await the_history_tells_its_path(operator)


async def a_call_is_seen_live(operator: Administrator, provider: WirePhone, anna: WirePhone, bert: WirePhone) -> None:
    """Nobody reloads the page."""
    await operator.goes_to("Lopende gesprekken")
    await operator.is_told("Er wordt nu niet gebeld.")
    caller = await provider.calls(NUMBER, caller=OUTSIDER, name="De Wit")
    await operator.sees_row(OUTSIDER, NUMBER, "Hoort de centrale")
    await caller.hears_speech()
    await caller.press("1")
    ring = await anna.rings()
    await operator.sees_row(OUTSIDER, "Gaat over")
    await ring.answer()
    await caller.hears_tone(anna.tone)
    await operator.sees_row(OUTSIDER, "In gesprek", "201")
    await caller.hang_up()
    await operator.is_told("Er wordt nu niet gebeld.")


async def the_history_tells_its_path(operator: Administrator) -> None:
    await operator.goes_to("Gespreksgeschiedenis")
    row = await operator.sees_row(OUTSIDER, "Opgenomen")
    await row.get_by_role("link").first.click()
    path = operator.page.get_by_role("list", name="De weg van het gesprek")
    for words in ("Nummerplan", "Keuzemenu", "Wachtrij", "verbonden met", "de beller hing op"):
        await expect(path).to_contain_text(words, ignore_case=True)
