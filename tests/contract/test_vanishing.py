"""Phones that vanish without a word (power cut, lost network) must not keep a call alive. Only Asterisk can show that.

Two nets: a stream of sound that dries up (`rtp_timeout`), and, for calls on hold where silence is meant, the session
timer (RFC 4028). The second takes 90 s at least; it was measured by hand (docs/decisions/0003-ari-transport.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import pytest_asyncio

from centrale.phones.digest import Credentials
from centrale.phones.wire import WirePhone
from centrale.phones.wire_call import WireCall
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places, SipChannel
from centrale.telephony.switch import Answered, Arrival, BridgeId, Cause, Gone
from tests.contract.desk import Desk
from tests.contract.stories import JANSEN, OUT
from tests.contract.worlds import PASSWORD, TO_CARRIER, TONES, AsteriskSwitchWorld, asterisk_world

pytestmark = pytest.mark.real

SILENT_SECONDS = 1


@pytest_asyncio.fixture(loop_scope="session")
async def world(runtime: Runtime, asterisk: Settings) -> AsyncIterator[AsteriskSwitchWorld]:
    async with asterisk_world(runtime, asterisk) as world:
        yield world


async def anna(world: AsteriskSwitchWorld) -> WirePhone:
    """Anna's phone, of whose silence Asterisk has enough after a second."""
    world.store.put_channel(SipChannel("anna", PASSWORD))
    with closing(sqlite3.connect(Places(world.settings.home.resolve()).realtime)) as table, table:
        table.execute("UPDATE ps_endpoints SET rtp_timeout = ?", (SILENT_SECONDS,))
    server = ("127.0.0.1", world.settings.sip_port)
    phone = WirePhone("anna", server, credentials=Credentials("anna", PASSWORD), tone=TONES["anna"])
    await world.stack.enter_async_context(phone)
    await phone.register()
    return phone


async def anna_is_answered(world: AsteriskSwitchWorld, desk: Desk) -> tuple[WirePhone, WireCall, Arrival]:
    phone = await anna(world)
    call = await phone.dials("202")
    arrival = await desk.arrival()
    await world.switch.answer(arrival.leg)
    await call.answered()
    return phone, call, arrival


async def test_a_phone_that_vanishes_in_a_talk_is_noticed(world: AsteriskSwitchWorld, desk: Desk) -> None:
    phone, _, arrival = await anna_is_answered(world, desk)
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, JANSEN, desk.listener(OUT), arrival.leg)
    far = await carrier.rings()
    await far.answer()
    await desk.event(OUT, Answered)
    await world.switch.connect(BridgeId("talk"), [arrival.leg, OUT])
    await far.hears_tone(TONES["anna"])
    phone.kill()
    assert (await desk.event(arrival.leg, Gone)).cause is Cause.UNREACHABLE
    await world.switch.hang_up(OUT)
    await far.ended()


async def test_a_phone_that_holds_may_be_silent(world: AsteriskSwitchWorld, desk: Desk) -> None:
    _, call, arrival = await anna_is_answered(world, desk)
    assert await call.offers_again(direction="inactive") == 200
    assert call.audio is not None
    call.audio.close()
    with pytest.raises(TimeoutError):
        await desk.event(arrival.leg, Gone, within=2.5 * SILENT_SECONDS)


async def test_every_call_has_a_session_timer(world: AsteriskSwitchWorld, desk: Desk) -> None:
    _, call, _ = await anna_is_answered(world, desk)
    assert call.headers["Session-Expires"] == "1800;refresher=uas"
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, JANSEN, desk.listener(OUT))
    far = await carrier.rings()
    assert far.headers["Session-Expires"].startswith("1800")
