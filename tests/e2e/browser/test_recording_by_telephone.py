"""A sound is spoken in by telephone while its form is open, and callers hear it (PTL-3, SYS-6, issue 5.1)."""

from __future__ import annotations

from playwright.async_api import expect

from centrale.phones.wire import WirePhone
from tests.e2e.browser.administrator import Administrator
from tests.e2e.browser.conftest import SignsIn
from tests.e2e.browser.people import OPERATOR
from tests.e2e.exchange.office import Office

BEEP = 1400


async def speaks_in(anna: WirePhone) -> None:
    """By 905: what is spoken is her own tone."""
    call = await anna.dials("905")
    await call.answered()
    await call.hears_tone(BEEP, within=30)
    await call.falls_silent(during=1.5)  # as long as she speaks
    await call.press("#")
    await call.hears_tone(anna.tone)  # it is played back
    await call.hears_speech()
    await call.press("1")
    assert (await call.ended(30)).code == 200


async def opens_a_form(administrator: Administrator, account: int) -> None:
    await administrator.opens(f"/accounts/{account}")
    await administrator.begins_extension("AutoAnswer", "601", "Gesloten")


async def test_what_was_spoken_in_appears_in_the_form_and_is_heard(office: Office, signs_in: SignsIn) -> None:
    await office.user("201", "Anna Bol")
    await office.user("202", "Bert Bol")
    anna, bert = await office.wire_phone("201"), await office.wire_phone("202")
    administrator = await signs_in(OPERATOR)
    await opens_a_form(administrator, office.id)
    await expect(administrator.field("Geluidsbestand")).to_have_value("")
    await administrator.presses("Opnemen per telefoon")
    await administrator.is_told("Kies 905 op uw telefoon")
    await speaks_in(anna)
    (recording,) = (await office.api.get(f"{office.path}/sounds", origin="recording"))["items"]
    await expect(administrator.field("Geluidsbestand")).to_have_value(recording["name"])
    await expect(administrator.page.get_by_text("Kies 905 op uw telefoon")).to_have_count(0)
    await administrator.presses("Opslaan")
    await administrator.sees_heading("601 Gesloten")
    call = await bert.dials("601")
    await call.answered()
    await call.hears_tone(anna.tone)
