"""The ten-minute journey of a new company: all by the pages, from an empty customer to the first calls (issue 5).

The operator sells: a trunk, a customer, a number, a letter to its administrator. Ada, who opens that letter, arranges
the telephone and invites Anna, who answers the first call. Ada sees it live and finds it back with its path.
"""

from __future__ import annotations

from playwright.async_api import expect

from centrale.phones.wire import WirePhone
from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import OpenWindow
from tests.e2e.browser.people import OPERATOR, Person, Someone
from tests.e2e.exchange.post_box import PostBox
from tests.e2e.exchange.running import RunningExchange

NUMBER, NUMBER_READ = "+31205559001", "+31 20 555 90 01"
OUTSIDER, OUTSIDER_READ = "+31612345678", "+31 6 1234 5678"
"""As they are dialled, and as people read them."""
MILLER = "0612345678"
ADA = Someone("ada@bakkerijbol.example", "zeven blauwe zwanen")
ANNA = Someone("anna@bakkerijbol.example", "negen gele eenden")
ANNAS, BERTS = "201 Anna Bol", "202 Bert Bol"


async def test_a_new_company_telephones(open_window: OpenWindow, exchange: RunningExchange, post_box: PostBox) -> None:
    operator = Administrator(await open_window(), OPERATOR)
    async with WirePhone("provider", exchange.server, tone=500) as provider:
        await operator.signs_in()
        await operator.makes_trunk("provider", port=provider.port)
        await operator.makes_customer("K900", "Bakkerij Bol")
        await operator.adds_number(NUMBER, reads=NUMBER_READ)
        await operator.sets_number_for_emergencies(NUMBER_READ)
        await operator.assigns_trunk("provider")
        await operator.invites(ADA, "Ada Bol", role="Beheerder van de klant")

        ada = Administrator(await open_window(), ADA)
        await ada.follows_invitation(await post_box.letter(60, to=ADA.email))
        await ada.sees_heading("Bakkerij Bol")
        await ada.makes_extension("Gebruiker", "201", "Anna Bol", pin="4826")
        await ada.makes_extension("Gebruiker", "202", "Bert Bol", pin="5937")
        annas, berts = await ada.makes_channel(user=ANNAS), await ada.makes_channel(user=BERTS)
        await ada.makes_queue("600", "Winkel", members=[ANNAS, BERTS])
        await ada.makes_announcement("601", "Gesloten", text="De bakkerij is gesloten.")
        options = {"1": "600 Winkel", "2": "601 Gesloten"}
        await ada.makes_menu("500", "Welkom", question="Toets 1 voor de winkel.", options=options)
        await ada.makes_plan("Open", number=NUMBER, leads_to="500 Welkom")
        await ada.makes_plan("Dicht", number=NUMBER, leads_to="601 Gesloten")
        await ada.sets_working_hours("1 Open")
        await ada.sets_standing_plan("2 Dicht")
        await ada.adds_holiday("Kerst", "2030-12-25T00:00", "2030-12-27T00:00", plan="2 Dicht")
        await ada.expects_call("Winkel", caller=OUTSIDER, called=NUMBER, enters="1", reaches="600 Winkel")
        await ada.switches_now("1 Open")
        await ada.invites(ANNA, "Anna Bol", role="Eindgebruiker", extension=ANNAS)

        anna = Person(await open_window(), ANNA)
        await anna.follows_invitation(await post_box.letter(60, to=ANNA.email))
        await anna.sees_heading(ANNAS)
        async with (
            WirePhone("Anna", exchange.server, credentials=annas, tone=700) as annas_phone,
            WirePhone("Bert", exchange.server, credentials=berts, tone=1000) as berts_phone,
        ):
            await annas_phone.register()
            await berts_phone.register()
            await a_call_is_seen_live(ada, provider, annas_phone)
            await a_call_to_outside_takes_the_trunk(berts_phone, provider)
            await ada.goes_to("Gespreksgeschiedenis")  # at once: the records come later, by themselves
    await the_history_tells_their_paths(ada)
    await anna.tab("Gesprekken")
    await expect(anna.page.get_by_role("main")).to_contain_text("De Wit")


async def a_call_is_seen_live(ada: Administrator, provider: WirePhone, anna: WirePhone) -> None:
    """Nobody reloads the page."""
    await ada.goes_to("Lopende gesprekken")
    await ada.is_told("Er wordt nu niet gebeld.")
    caller = await provider.calls(NUMBER, caller=OUTSIDER, name="De Wit")
    await ada.sees_row(OUTSIDER_READ, NUMBER_READ, "Hoort de centrale")
    await caller.hears_speech()
    await caller.press("1")
    ring = await anna.rings()
    await ada.sees_row(OUTSIDER_READ, "Gaat over")
    await ring.answer()
    await caller.hears_tone(anna.tone)
    await ada.sees_row(OUTSIDER_READ, "In gesprek", "201")
    await caller.hang_up()
    await ada.is_told("Er wordt nu niet gebeld.")


async def a_call_to_outside_takes_the_trunk(bert: WirePhone, provider: WirePhone) -> None:
    call = await bert.dials(MILLER)
    ring = await provider.rings()
    await ring.answer()
    await call.hears_tone(provider.tone)
    await call.hang_up()
    await ring.ended()


async def the_history_tells_their_paths(ada: Administrator) -> None:
    """It moves by itself, too."""
    await ada.sees_row("Naar buiten", BERTS, "Opgenomen")
    row = await ada.sees_row("De Wit", "Opgenomen")
    await row.get_by_role("link").first.click()
    path = ada.page.get_by_role("list", name="De weg van het gesprek")
    for words in ("Nummerplan", "Keuzemenu", "Wachtrij", "verbonden met", "de beller hing op"):
        await expect(path).to_contain_text(words, ignore_case=True)
