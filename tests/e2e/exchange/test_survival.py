"""What happens to calls when parts of the exchange are killed in the middle of them (design §7)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from centrale.phones.conversation import Conversation
from centrale.phones.phone import Phone, WaitedInVain
from centrale.runtime import Runtime
from tests.e2e.exchange.conftest import customers_of
from tests.e2e.exchange.office import Office, steps
from tests.e2e.exchange.running import RunningExchange


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own_exchange(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningExchange]:
    """One that no other story uses."""
    async with RunningExchange(tmp_path_factory.mktemp("survival")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def office(own_exchange: RunningExchange, runtime: Runtime) -> AsyncIterator[Office]:
    """Jansen 201, Bakker 202, De Jong 203, De Vries 204."""
    async with customers_of(own_exchange, runtime) as open_office:
        office = await open_office()
        for number, name in (("201", "Jansen"), ("202", "Bakker"), ("203", "De Jong"), ("204", "De Vries")):
            await office.user(number, name)
        yield office


async def talk(caller: Phone, number: str, called: Phone) -> tuple[Conversation, Conversation]:
    """A call that is answered, with sound both ways."""
    calls = await caller.dials(number)
    rings = await called.rings()
    await rings.answer()
    await hear_each_other(calls, called, rings, caller)
    assert isinstance(calls, Conversation)
    assert isinstance(rings, Conversation)
    return calls, rings


async def hear_each_other(first: object, seconds: Phone, second: object, firsts: Phone) -> None:
    assert isinstance(first, Conversation)
    assert isinstance(second, Conversation)
    await asyncio.gather(first.hears_tone(seconds.tone), second.hears_tone(firsts.tone))


async def test_calls_go_on_while_call_control_is_dead_and_are_its_own_again_afterwards(
    office: Office, own_exchange: RunningExchange
) -> None:
    jansen, bakker, de_jong, de_vries = [await office.phone(user) for user in ("201", "202", "203", "204")]
    fifth, carrier = await office.phone(tone=1150), await office.carrier()
    inside = await talk(jansen, "202", bakker)
    outward = await talk(de_jong, "0612345678", carrier)
    waiting = await fifth.dials("112")
    await carrier.rings()

    killed = own_exchange.kills("call control")
    await own_exchange.says("call control is away", after=killed)
    await asyncio.gather(hear_each_other(inside[0], bakker, inside[1], jansen), outward[0].hears_tone(carrier.tone))
    in_the_gap = await de_vries.dials("203")
    await in_the_gap.ringing()

    await own_exchange.says("Centrale runs", after=killed)
    await asyncio.gather(hear_each_other(inside[0], bakker, inside[1], jansen), outward[1].hears_tone(de_jong.tone))
    running = (await office.api.get(f"{office.path}/calls"))["items"]
    assert sorted((call["called"], call["state"]) for call in running if call["state"] == "talking") == [
        ("0612345678", "talking"),
        ("202", "talking"),
    ]
    await is_served_or_told_sorry(in_the_gap, de_jong)
    again = await carrier.rings()
    await again.answer()
    await hear_each_other(waiting, carrier, again, fifth)

    await inside[1].hang_up()
    assert (await inside[0].ended()).code == 200
    await outward[0].hang_up()
    assert (await outward[1].ended()).code == 200
    await waiting.hang_up()
    await again.ended()
    new = await talk(de_vries, "202", bakker)
    await new[0].hang_up()

    records = {record["called"]: record for record in await settled(office, "112", "202", "202", "0612345678")}
    for called in ("0612345678", "112"):
        assert records[called]["outcome"] == "answered"
        assert any(rule == "resume" for rule, _ in steps(records[called]))
    after, before = [record for record in await office.records() if record["called"] == "202"]
    assert (after["ended_by"], before["ended_by"]) == ("caller", "called")
    assert ("resume", "the exchange was away; the talk went on") in steps(before)


async def is_served_or_told_sorry(call: Conversation, called: Phone) -> None:
    """On a machine that needs more than five seconds to start us again the switch says sorry, with 503."""
    try:
        assert (await called.rings(timeout=10)).caller_name == "De Vries"
    except WaitedInVain:
        assert (await call.ended(timeout=20)).code == 503
    await call.hang_up()


async def settled(office: Office, *called: str) -> list[dict[str, Any]]:
    """The records of these calls, each there exactly once, when no call runs any more."""
    async with asyncio.timeout(10):
        while True:
            found = [record for record in await office.records() if record["called"] in called]
            if len(found) >= len(called) and not (await office.api.get(f"{office.path}/calls"))["items"]:
                assert sorted(record["called"] for record in found) == sorted(called)
                return found
            await asyncio.sleep(0.1)  # Records are written after the end, and nothing tells when.


async def test_health_tells_when_the_switch_is_away_and_phones_call_again_after_it_came_back(
    office: Office, own_exchange: RunningExchange
) -> None:
    jansen, bakker = await office.phone("201"), await office.phone("202")
    inside = await talk(jansen, "202", bakker)
    await are_shown_as_registered(office, 2)
    status, told = await office.api.health()
    assert (status, told["healthy"], told["problems"]) == (200, True, [])
    assert any("No mail server" in note for note in told["notes"]), "worth knowing, and no ill"

    killed = own_exchange.kills("Asterisk")
    down = await own_exchange.says("ari_down", after=killed)
    status, told = await office.api.health()
    assert (status, told["healthy"]) == (503, False)
    assert "Asterisk" in told["problems"][0]
    up = await own_exchange.says("ari_up", after=down)
    assert await becomes_healthy(office)
    assert not [line for line in own_exchange.lines[killed:up] if "call control" in line and "away" in line]

    record = await office.record(1)
    assert (record["outcome"], record["called"]) == ("answered", "202"), "the call was cut, its record is not"
    for call in inside:
        await call.hang_up()
    new = await talk(jansen, "202", bakker)
    await new[0].hang_up()
    await office.record(2)


async def are_shown_as_registered(office: Office, phones: int) -> None:
    """The switch keeps a registration for its next life within a second; from then on the API shows it."""
    async with asyncio.timeout(10):
        while True:
            channels = (await office.api.get(f"{office.path}/channels"))["items"]
            if sum(channel["registered"] for channel in channels) == phones:
                return
            await asyncio.sleep(0.1)


async def becomes_healthy(office: Office) -> bool:
    """The switch is listed first, which takes moments; nothing tells when that is done but health itself."""
    async with asyncio.timeout(20):
        while True:
            if (await office.api.health())[0] == 200:
                return True
            await asyncio.sleep(0.1)


async def test_a_power_cut_loses_no_record_and_no_logon(office: Office, own_exchange: RunningExchange) -> None:
    jansen, bakker = await office.phone("201"), await office.phone("202")
    by_keys = await office.wire_phone()
    call = await by_keys.dials("901")
    await call.answered()
    await call.press("203")
    await call.press("4826#")
    await call.ended(timeout=30)
    before = await office.record(1)
    assert before["called"] == "901"
    talking = await talk(jansen, "202", bakker)
    await are_shown_as_registered(office, 3)

    await own_exchange.loses_power()
    await own_exchange.start()

    logons = (await office.api.get(f"{office.path}/logons"))["items"]
    assert {logon["user"] for logon in logons} == {"201", "202", "203"}
    cut = await office.record(2)
    assert (cut["called"], cut["outcome"]) == ("202", "answered")
    assert steps(cut)[-1] == ("end", "the call ended while the exchange was away")
    assert (await office.records())[1] == before
    for half in talking:
        await half.hang_up()
    new = await talk(jansen, "203", by_keys)
    await new[0].hang_up()
    assert len(await office.records()) <= 3
    await office.record(3)


async def waits_for_the_tone(call: Conversation) -> None:
    """Recorded since a second ago. Silence alone would say nothing: the welcome may still be made."""
    await call.answered()
    await call.hears_tone(1400, within=20)
    await call.falls_silent(during=1)


async def test_whoever_leaves_a_message_meanwhile_is_not_disturbed_and_nothing_is_lost_or_kept_twice(
    office: Office, own_exchange: RunningExchange
) -> None:
    """One caller speaks on through it; one hangs up while nobody is there to notice."""
    welcome = {"text": "Hello.", "language": "en"}
    await office.extension("mailbox", "500", "Sales", welcome=welcome)
    jansen, bakker = await office.wire_phone("201"), await office.wire_phone("202")
    calls = [await phone.dials("500") for phone in (jansen, bakker)]
    await asyncio.gather(*(waits_for_the_tone(call) for call in calls))
    speaking, hanging_up = calls

    killed = own_exchange.kills("call control")
    await own_exchange.says("call control is away", after=killed)
    await hanging_up.hang_up()
    await own_exchange.says("Centrale runs", after=killed)
    await speaking.hears_silence(during=1)
    await speaking.press("#")
    await speaking.hears_speech()
    assert (await speaking.ended(20)).code == 200

    records = {record["caller"]: record for record in [await office.record(2), *(await office.records())[1:]]}
    found = (await office.api.get(f"{office.path}/extensions/500/messages"))["items"]
    assert sorted(message["caller"] for message in found) == ["201", "202"]
    assert all(message["seconds"] > 0.5 for message in found)
    assert ("voicemail", "goes on with the message that was being left") in steps(records["201"])
    assert ("say", "voicemail_thanks") in steps(records["201"])
