"""Phones that ask for their lamp (SUBSCRIBE) get their own and nobody else's (VM-4, ACC-1)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from centrale.phones import lamp
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import SipChannel
from centrale.telephony.asterisk.configuration.objects import lamp_secret
from centrale.telephony.switch import Lamp
from tests.contract.worlds import PASSWORD, AsteriskSwitchWorld, asterisk_world

pytestmark = pytest.mark.real


@pytest_asyncio.fixture(loop_scope="session")
async def real(runtime: Runtime, asterisk: Settings) -> AsyncIterator[AsteriskSwitchWorld]:
    async with asterisk_world(runtime, asterisk) as real:
        yield real


async def test_a_phone_that_subscribes_under_the_voicemail_number_is_told_of_its_own_messages(
    real: AsteriskSwitchWorld,
) -> None:
    anna, ben = (await real.lamp("anna")).phone, (await real.lamp("ben")).phone
    anna.received.clear()
    assert await lamp.subscribes(anna, "1233") == 200
    await lamp.shows(anna, 0, 0)
    await real.switch.light([Lamp("anna", new=2, old=1), Lamp("ben", new=5)])
    await lamp.shows(anna, 2, 1)
    await lamp.shows(ben, 5, 0)
    await real.switch.light([Lamp("anna"), Lamp("ben")])
    await lamp.shows(anna, 0, 0)
    told = [message for message in anna.received if lamp.counts_of(message) == (2, 1)]
    assert [message.headers["Subscription-State"].partition(";")[0] for message in told] == ["active"], (
        "told once, within the subscription, and not unasked as well"
    )
    assert "Message-Account: sip:1233@" in told[0].body


async def test_no_phone_can_subscribe_to_another_ones_lamp(real: AsteriskSwitchWorld) -> None:
    anna = (await real.lamp("anna")).phone
    await real.lamp("ben")
    secret = lamp_secret(SipChannel("ben", PASSWORD))
    assert await lamp.subscribes(anna, secret) == 200, "the very name would open it: so it has to be a secret"
    for guess in ("ben", "ben%40centrale", "1234"):
        assert await lamp.subscribes(anna, guess) == 404, guess
