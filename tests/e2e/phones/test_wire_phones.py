"""The bare SIP endpoint as phone and as carrier, on a real Asterisk and against a real phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from centrale.phones.digest import Credentials
from centrale.phones.phone import CallEnded, PhoneError, RegistrationRefused, WaitedInVain
from centrale.phones.wire import WirePhone
from tests.e2e.phones.conftest import SwitchOn
from tests.e2e.phones.tiny_exchange import CARRIER, PASSWORD, TinyExchange

pytestmark = pytest.mark.real


@pytest_asyncio.fixture(loop_scope="session")
async def carrier(exchange: TinyExchange) -> AsyncIterator[WirePhone]:
    server = ("127.0.0.1", exchange.port)
    async with WirePhone("carrier", server, port=exchange.carrier_port, tone=500, user_agent=CARRIER) as carrier:
        yield carrier


@pytest_asyncio.fixture(loop_scope="session")
async def carl(exchange: TinyExchange) -> AsyncIterator[WirePhone]:
    credentials = Credentials("carl", PASSWORD)
    async with WirePhone("carl", ("127.0.0.1", exchange.port), credentials=credentials, tone=1300) as carl:
        await carl.register()
        yield carl


async def test_a_call_from_outside_shows_the_asserted_number_and_both_hear_each_other(
    switch_on: SwitchOn, carrier: WirePhone
) -> None:
    ben = await switch_on("ben")
    call = await carrier.calls("102", caller="+31612345678", name="De Wit", diverted_from="+31201234567")
    bens = await ben.rings()
    assert (bens.caller_number, bens.caller_name) == ("+31612345678", "De Wit")
    assert "+31201234567" in bens.headers["Diversion"]
    await call.ringing()
    await bens.answer()
    await call.answered()
    await asyncio.gather(call.hears_tone(ben.tone), bens.hears_tone(carrier.tone))
    await call.press("12#")
    await bens.hears_digits("12#")
    await bens.press("7*")
    await call.hears_digits("7*")
    await bens.hang_up()
    assert (await call.ended()).q850 == 16


async def test_a_withheld_number_is_withheld(switch_on: SwitchOn, carrier: WirePhone) -> None:
    ben = await switch_on("ben")
    await carrier.calls("102", caller="+31612345678", withheld=True)
    bens = await ben.rings()
    assert bens.caller_number == "anonymous"


async def test_a_call_to_outside_shows_the_carrier_every_header(switch_on: SwitchOn, carrier: WirePhone) -> None:
    anna = await switch_on("anna")
    annas = await anna.dials("0612345678")
    call = await carrier.rings()
    assert call.dialog.invite.start.startswith("INVITE sip:0612345678@")
    assert (call.caller_number, call.caller_name) == ("101", "Anna")
    await annas.ringing()
    await call.early()
    await annas.hears_tone(carrier.tone)
    await call.answer()
    await asyncio.gather(call.hears_tone(anna.tone), annas.hears_tone(carrier.tone))
    await call.hang_up()
    assert (await annas.ended()).code == 200


@pytest.mark.parametrize("code", [404, 484, 486, 503, 603])
async def test_a_carrier_refuses_with_any_code(switch_on: SwitchOn, carrier: WirePhone, code: int) -> None:
    anna = await switch_on("anna")
    annas = await anna.dials("0612345678")
    call = await carrier.rings()
    await call.decline(code)
    assert (await call.ended()).code == code
    assert (await annas.ended()).code >= 400


async def test_a_caller_inside_who_gives_up_is_seen_by_the_carrier(switch_on: SwitchOn, carrier: WirePhone) -> None:
    anna = await switch_on("anna")
    annas = await anna.dials("0612345678")
    call = await carrier.rings()
    await annas.hang_up()
    end = await call.ended()
    assert end.code == 487
    with pytest.raises(CallEnded):
        await call.answer()


async def test_a_caller_outside_who_gives_up_is_seen_inside(switch_on: SwitchOn, carrier: WirePhone) -> None:
    ben = await switch_on("ben")
    call = await carrier.calls("102", caller="+31612345678")
    bens = await ben.rings()
    await call.hang_up()
    assert (await call.ended()).code == 487
    assert (await bens.ended()).code == 487


async def test_codecs_that_do_not_match_are_told(exchange: TinyExchange) -> None:
    server = ("127.0.0.1", exchange.port)
    async with WirePhone("old", server, codecs=(18,), user_agent=CARRIER, port=exchange.carrier_port) as old:
        assert (await (await old.calls("102", caller="1")).ended()).code == 488


async def test_a_registered_wire_phone_takes_and_places_calls_with_its_password(
    switch_on: SwitchOn, carl: WirePhone
) -> None:
    anna = await switch_on("anna")
    annas = await anna.dials("103")
    carls = await carl.rings()
    await carls.answer()
    await asyncio.gather(carls.hears_tone(anna.tone), annas.hears_tone(carl.tone))
    assert await carls.offers_again(direction="inactive") == 200
    assert await carls.offers_again() == 200
    await carls.hears_tone(anna.tone)
    await annas.hang_up()
    await carls.ended()

    call = await carl.dials("101")
    await (await anna.rings()).answer()
    await call.hears_tone(anna.tone)
    await carl.unregister()
    await call.hang_up()
    assert (await (await anna.dials("103")).ended()).code == 503


async def test_a_wrong_password_is_refused(exchange: TinyExchange) -> None:
    async with WirePhone("x", ("127.0.0.1", exchange.port), credentials=Credentials("carl", "guessed")) as stranger:
        with pytest.raises(RegistrationRefused):
            await stranger.register()
        with pytest.raises(CallEnded, match="401"):
            await (await stranger.dials("101")).answered()


async def test_a_phone_that_vanishes_says_nothing(switch_on: SwitchOn, carl: WirePhone) -> None:
    anna = await switch_on("anna")
    annas = await anna.dials("103")
    await (await carl.rings()).answer()
    await annas.answered()
    carl.kill()
    with pytest.raises(WaitedInVain):
        await annas.ended(timeout=1)
    with pytest.raises(PhoneError):
        await carl.rings()


async def test_a_carrier_can_demand_that_its_customer_registers() -> None:
    demanded = Credentials("customer", "secret")
    async with WirePhone("carrier", ("127.0.0.1", 9), asks_for=demanded) as carrier:
        here = ("127.0.0.1", carrier.port)
        async with WirePhone("good", here, credentials=demanded) as good:
            await good.register()
            assert (await carrier.is_registered_at()).headers["To"].startswith("<sip:customer@")
            call = await good.dials("0612345678")
            theirs = await carrier.rings()
            await theirs.answer()
            await call.hears_tone(carrier.tone)
        async with WirePhone("bad", here, credentials=Credentials("customer", "guess")) as bad:
            with pytest.raises(RegistrationRefused, match="401"):
                await bad.register()
        assert len(carrier.registrations) == 1
