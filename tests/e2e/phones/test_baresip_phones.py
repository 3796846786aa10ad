"""Real phones on a real Asterisk: what they say of a call is what happened."""

from __future__ import annotations

import asyncio
import socket

import pytest

from centrale.phones.baresip import BaresipPhone
from centrale.phones.phone import CallEnded, PhoneDied, PhoneError, RegistrationRefused, WaitedInVain
from centrale.phones.tools import LOOPBACK, free_port
from tests.e2e.phones.conftest import SwitchOn

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("transport", "codecs"), [("udp", ("pcma",)), ("tcp", ("pcmu", "pcma")), ("udp", ("g722",))], ids=str
)
async def test_two_people_hear_each_other(switch_on: SwitchOn, transport: str, codecs: tuple[str, ...]) -> None:
    anna = await switch_on("anna", transport=transport, codecs=codecs)
    ben = await switch_on("ben", transport=transport, codecs=codecs)

    annas = await anna.dials("102")
    bens = await ben.rings()
    assert (bens.caller_number, bens.caller_name) == ("101", "Anna")
    assert "P-Asserted-Identity" in bens.headers
    await annas.ringing()
    await bens.answer()
    await annas.answered()
    await asyncio.gather(annas.hears_tone(ben.tone), bens.hears_tone(anna.tone))
    with pytest.raises(WaitedInVain, match="other sound"):
        await annas.hears_tone(anna.tone, within=0.6)

    await bens.hang_up()
    end = await annas.ended()
    assert (end.code, end.q850) == (200, 16)


async def test_keys_pressed_arrive_once_each_and_in_order(switch_on: SwitchOn) -> None:
    anna, ben = await switch_on("anna"), await switch_on("ben")
    menu = await anna.dials("800")
    await menu.answered()
    await menu.press("102")
    bens = await ben.rings()
    await bens.answer()
    await menu.press("2*0#")
    await bens.hears_digits("2*0#")


async def test_keys_travel_by_sip_info_as_well(switch_on: SwitchOn) -> None:
    anna, ben = await switch_on("anna", dtmf="info"), await switch_on("ben")
    menu = await anna.dials("800")
    await menu.answered()
    await menu.press("102")
    await ben.rings()


async def test_the_slower_of_two_phones_is_told_that_the_call_was_answered_elsewhere(switch_on: SwitchOn) -> None:
    anna, ben, carl = await switch_on("anna"), await switch_on("ben"), await switch_on("carl")
    annas = await anna.dials("300")
    bens, carls = await ben.rings(), await carl.rings()
    assert bens.caller_name == "Sales Anna"
    await carls.answer()
    end = await bens.ended()
    assert (end.code, end.answered_elsewhere) == (487, True)
    await carls.hears_tone(anna.tone)
    await annas.hang_up()
    assert (await carls.ended()).answered_elsewhere is False


async def test_a_caller_who_gives_up_is_a_missed_call(switch_on: SwitchOn) -> None:
    anna, ben = await switch_on("anna"), await switch_on("ben")
    annas = await anna.dials("102")
    bens = await ben.rings()
    await annas.hang_up()
    end = await bens.ended()
    assert (end.code, end.answered_elsewhere) == (487, False)


async def test_refusals_come_through(switch_on: SwitchOn) -> None:
    anna, ben = await switch_on("anna"), await switch_on("ben")
    annas = await anna.dials("102")
    await (await ben.rings()).decline()
    with pytest.raises(CallEnded, match="486"):
        await annas.answered()
    assert (await (await anna.dials("803")).ended()).q850 == 17
    assert (await (await anna.dials("999")).ended()).code == 404


async def test_silence_is_silence_and_an_announcement_is_speech(switch_on: SwitchOn) -> None:
    anna = await switch_on("anna")
    silent = await anna.dials("802")
    await silent.answered()
    await silent.hears_silence(during=1)
    with pytest.raises(WaitedInVain):
        await silent.hears_speech(within=0.5)
    await silent.hang_up()

    loud = await anna.dials("801")
    await loud.hears_tone(1004)
    with pytest.raises(PhoneError, match="where silence was due"):
        await loud.hears_silence(during=1)


async def test_each_of_two_calls_in_turn_is_heard_by_itself(switch_on: SwitchOn) -> None:
    anna, ben, carl = await switch_on("anna"), await switch_on("ben"), await switch_on("carl")
    for other, number in ((ben, "102"), (carl, "103"), (ben, "102")):
        annas = await anna.dials(number)
        theirs = await other.rings()
        await theirs.answer()
        await annas.hears_tone(other.tone)
        await theirs.hears_tone(anna.tone)
        await annas.hang_up()


async def test_a_wrong_password_is_refused_and_the_right_one_is_not(switch_on: SwitchOn) -> None:
    stranger = await switch_on("anna", registered=False, password="guessed")
    with pytest.raises(RegistrationRefused) as refused:
        await stranger.register()
    assert refused.value.code == 401


async def test_a_phone_that_unregistered_does_not_ring_until_it_registers_again(switch_on: SwitchOn) -> None:
    anna, ben = await switch_on("anna"), await switch_on("ben")
    await ben.unregister()
    assert (await (await anna.dials("102")).ended()).code == 503
    with pytest.raises(WaitedInVain, match="ben did not ring"):
        await ben.rings(timeout=0.3)
    await ben.register()
    await anna.dials("102")
    await ben.rings()


async def test_a_phone_that_dies_says_so_to_whoever_waits_for_it(switch_on: SwitchOn) -> None:
    anna = await switch_on("anna")
    waiting = asyncio.create_task(anna.rings(timeout=10))
    await asyncio.sleep(0)
    anna._program._process.kill()  # type: ignore[union-attr]
    with pytest.raises(PhoneDied, match=r"(?s)anna: baresip .* died:.*REGISTER"):
        await waiting


async def test_a_phone_leaves_nothing_behind(switch_on: SwitchOn) -> None:
    anna: BaresipPhone = await switch_on("anna")
    folder = anna._program._folder
    assert folder.exists()
    await anna.stop()
    assert not folder.exists()
    with pytest.raises(PhoneDied):
        await anna.dials("102")


async def test_a_phone_whose_port_was_taken_meanwhile_starts_on_another_one(
    switch_on: SwitchOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """baresip takes the next port for TLS as well, which nobody has looked at."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        taken = other.getsockname()[1]
        ports = iter([taken - 1])
        chosen = free_port
        monkeypatch.setattr(
            "centrale.phones.baresip_program.free_port",
            lambda *kinds: next(ports, None) or chosen(*kinds) if kinds else chosen(),
        )
        anna, ben = await switch_on("anna"), await switch_on("ben")
    assert anna.address[1] != taken - 1
    annas = await anna.dials("102")
    await (await ben.rings()).answer()
    await annas.hears_tone(ben.tone)
