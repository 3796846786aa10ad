"""A queue with six agents at real phones, and a caller from outside who hears what the handbook says (QUE-1..24)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from centrale.phones.phone import PATIENCE, Phone, PhoneCall
from centrale.phones.wire import WirePhone
from centrale.runtime import Runtime
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone
from tests.e2e.exchange.conftest import OpenOffice, customers_of
from tests.e2e.exchange.office import Office, steps
from tests.e2e.exchange.running import RunningExchange

AGENTS = ("201", "202", "203", "204", "205", "206")
TONES = {agent: 700 + 150 * place for place, agent in enumerate(AGENTS)}
INTRODUCTION, MUSIC, DESK = 2000, 2300, 2600
RING_TONE = 425


class Hall:
    """Queue 300 of a customer, reached by the main number; 290 is where callers go who do not want to wait."""

    def __init__(self, office: Office, carrier: WirePhone) -> None:
        self.office = office
        self.carrier = carrier
        self.phones: dict[str, Phone] = {}
        self.without_phone: set[str] = set()
        self._callers = 0

    async def arrange(self, *agents: str, **settings: Any) -> None:
        """The queue as it is from now on; whoever is new in it is logged on. Returns when it is known of everybody's
        phone that it is there, which takes a second or two after it registered."""
        wanted = {"members": [{"agent": agent} for agent in agents], **settings}
        await self.office.api.patch(f"{self.office.path}/extensions/300", settings=wanted)
        async with asyncio.timeout(PATIENCE):
            while await self._waits_for_phones():  # noqa: ASYNC110 - nothing tells when
                await asyncio.sleep(0.1)

    async def _waits_for_phones(self) -> bool:
        unreachable = {it["agent"] for it in await self.agents() if it["state"] == "unreachable"}
        return bool(unreachable - self.without_phone)

    async def agents(self) -> list[dict[str, Any]]:
        """Who is logged on, by rank."""
        return list((await self.office.api.get(f"{self.office.path}/queues/300/now"))["agents"])

    async def uploads(self, what: str, frequency: int, seconds: float, folder: Path, **fields: str) -> str:
        """A sound or a piece of music that consists of one tone; gives its file name."""
        file = folder / f"{what}-{frequency}.wav"
        write_wav(file, tone(frequency, seconds=seconds))
        answer = await self.office.api.http.post(
            f"/api/v1/{self.office.path}/{what}", files={"file": (file.name, file.read_bytes())}, data=fields
        )
        assert answer.is_success, answer.text
        return str(answer.json()["file"])

    async def caller(self) -> Any:
        """Somebody calls in; the first from …01."""
        self._callers += 1
        return await self.carrier.calls(self.office.main, caller=f"+316000000{self._callers:02}")


async def open_hall(office: Office, *phones: str) -> Hall:
    for agent in AGENTS:
        await office.user(agent, f"Agent {agent}")
    await office.user("290", "Desk")
    await office.extension("queue", "300", "Support")
    await office.plan((office.main, "300", "Support"))
    hall = Hall(office, await office.carrier())
    for agent in phones:
        # Two of them are a real softphone, the others write each message themselves, and take less of the machine.
        make = office.phone if agent in AGENTS[:2] else office.wire_phone
        hall.phones[agent] = await make(agent, tone=TONES[agent])
    return hall


@pytest_asyncio.fixture(loop_scope="session")
async def hall(office: Office) -> Hall:
    return await open_hall(office, *AGENTS)


async def ended_elsewhere(calls: list[PhoneCall]) -> None:
    for end in await asyncio.gather(*(call.ended() for call in calls)):
        assert end.answered_elsewhere, end


async def test_a_caller_hears_introduction_and_music_and_is_taken_by_the_first_of_six(
    hall: Hall, tmp_path: Path
) -> None:
    introduction = await hall.uploads("sounds", INTRODUCTION, 1.5, tmp_path)
    await hall.uploads("music", MUSIC, 5, tmp_path, queue="300")
    await hall.arrange(*AGENTS, strategy="ring_all", introduction={"sound": introduction}, wrap_up=2)

    caller = await hall.caller()
    await caller.hears_tone(INTRODUCTION)
    at_phones = dict(zip(AGENTS, await asyncio.gather(*(hall.phones[it].rings() for it in AGENTS)), strict=True))
    await caller.hears_tone(MUSIC)
    assert {call.caller_name for call in at_phones.values()} == {"Support: 0600000001"}
    taken = at_phones.pop("204")
    await taken.answer()
    await ended_elsewhere(list(at_phones.values()))
    await asyncio.gather(caller.hears_tone(TONES["204"]), taken.hears_tone(hall.carrier.tone))

    # The next caller: 204 is taken and is not rung.
    second = await hall.caller()
    at_others = await asyncio.gather(*(hall.phones[it].rings() for it in AGENTS if it != "204"))
    await caller.hang_up()
    await taken.ended()
    await second.hang_up()
    for call in at_others:
        await call.ended()

    answered, abandoned = (await records(hall, 2))[::-1]
    assert (answered["answered_by"], answered["outcome"]) == ("204 Agent 204", "answered")
    assert ("queue", "204 gets the caller") in steps(answered)
    assert abandoned["outcome"] == "abandoned"


async def records(hall: Hall, number: int) -> list[dict[str, Any]]:
    """Newest first, once there are so many."""
    await hall.office.record(number)
    return await hall.office.records()


async def test_agents_in_turn_key_one_and_the_way_out(hall: Hall) -> None:
    desk = await hall.office.wire_phone("290", tone=DESK)
    await hall.arrange("203", "204", strategy="linear", ring_timeout=2, breakout="290", language="en")
    caller = await hall.caller()
    first = await hall.phones["203"].rings()
    await first.ended(10)
    second = await hall.phones["204"].rings()
    await second.decline()
    again = await hall.phones["203"].rings()
    await caller.press("1")
    await again.ended()
    at_desk = await desk.rings()
    await at_desk.answer()
    await caller.hears_tone(DESK)
    await caller.hang_up()
    await at_desk.ended()

    record = await hall.office.record(1)
    assert record["answered_by"] == "290 Desk"
    assert [outcome for rule, outcome in steps(record) if rule == "queue-offer"] == [
        "offered to 203",
        "203: no answer",
        "offered to 204",
        "204: busy",
        "offered to 203",
    ]


async def test_a_full_queue_is_busy_and_waiting_without_music_is_free(hall: Hall) -> None:
    await hall.arrange("203", music=False, call_limit=1, announce_position=True, announce_every=10, language="en")
    caller = await hall.caller()
    await hall.phones["203"].rings()
    await caller.ringing()
    assert not caller.dialog.answered
    turned_away = await hall.caller()
    assert (await turned_away.ended()).code == 486
    await caller.hears_speech(within=15)  # first in line
    assert caller.dialog.answered
    await caller.hears_tone(RING_TONE, within=15)
    await caller.hang_up()


async def test_903_and_904_by_phone(hall: Hall) -> None:
    await hall.arrange()
    phone = hall.phones["206"]
    members = f"{hall.office.path}/queues/300/members"
    for service, there in (("903", ["206"]), ("904", [])):
        call = await phone.dials(service)
        await call.answered()
        await call.press("300")
        await call.ended(timeout=30)
        assert [member["agent"] for member in (await hall.office.api.get(members))["items"]] == there


async def test_a_call_that_rings_is_picked_up(hall: Hall) -> None:
    """By a user who is no agent, on a real softphone, with the star code (QUE-25)."""
    await hall.arrange("203", "204", strategy="ring_all", ring_timeout=60, access="open")
    caller = await hall.caller()
    at_agents = list(await asyncio.gather(hall.phones["203"].rings(), hall.phones["204"].rings()))
    picker = await hall.phones["201"].dials("*8300")
    await picker.answered()
    await ended_elsewhere(at_agents)
    await asyncio.gather(caller.hears_tone(TONES["201"]), picker.hears_tone(hall.carrier.tone))
    await picker.shows(at_agents[0].caller_number, at_agents[0].caller_name)

    too_late = await hall.phones["205"].dials("908300")
    await too_late.hears_speech(within=10)
    assert (await too_late.ended(20)).code == 480
    await picker.hang_up()
    await caller.ended()

    by_caller = {record["caller"]: record for record in await records(hall, 3)}
    talked = by_caller.pop(next(number for number in by_caller if number.startswith("+")))
    assert (talked["outcome"], talked["answered_by"], talked["ended_by"]) == ("answered", "201 Agent 201", "called")
    assert {user: record["outcome"] for user, record in by_caller.items()} == {"201": "picked_up", "205": "unanswered"}


async def test_agents_on_two_phones_on_an_outside_one_and_on_none(open_office: OpenOffice) -> None:
    """Twinned phones ring together; whoever answers outside takes the call by key 1; who has no phone is passed over
    (QUE-4, QUE-14, TWN-1)."""
    office = await open_office(facilities=("twinning",))
    await office.user("201", "Nowhere")
    await office.user("203", "Agent 203", rights={"twinning": True})
    forward = {"number": "0612345678", "confirm": True}
    await office.api.post(f"{office.path}/extensions", number="500", kind="forward", name="Mobile", settings=forward)
    await office.extension("queue", "300", "Support")
    await office.plan((office.main, "300", "Support"))
    hall = Hall(office, await office.carrier())
    nowhere = await office.wire_phone("201")
    await nowhere.unregister()
    hall.without_phone = {"201"}
    desk, mobile = await office.wire_phone("203"), await office.wire_phone("203", tone=TONES["204"])
    await hall.arrange("201", "203", "500", strategy="linear", ring_timeout=60)

    caller = await hall.caller()
    at_desk, at_mobile = await asyncio.gather(desk.rings(), mobile.rings())
    await at_mobile.answer()
    await ended_elsewhere([at_desk])
    await caller.hears_tone(TONES["204"])

    second = await hall.caller()
    outside = await hall.carrier.rings()
    await outside.answer()
    await outside.hears_speech()
    assert {it["agent"]: it["state"] for it in await hall.agents()}["500"] == "ringing", "a voicemail may have answered"
    await outside.press("1")
    await asyncio.gather(second.hears_tone(hall.carrier.tone), outside.hears_tone(hall.carrier.tone))
    assert {it["agent"]: it["state"] for it in await hall.agents()} == {
        "201": "unreachable",
        "203": "talking",
        "500": "talking",
    }
    await second.hang_up()
    await outside.ended()
    await caller.hang_up()
    await at_mobile.ended()
    last, first = await records(hall, 2)
    assert [record["answered_by"] for record in (first, last)] == ["203 Agent 203", "+31612345678"]
    assert "201: has no device that can ring" in str(last["trace"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own_exchange(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningExchange]:
    """One that no other story uses: it is killed."""
    async with RunningExchange(tmp_path_factory.mktemp("queues")) as running:
        yield running


TALKING, WAITING = 20, 50
CROWD = [str(number) for number in range(201, 201 + TALKING)]
HEARD = CROWD[::6]
"""Those who have a voice."""


@dataclass
class Place:
    """One agent's phone, the call that it has, and how often it has rung."""

    phone: WirePhone
    call: Any = None
    rang: int = 0

    async def takes(self, last: int) -> None:
        """The next call is that of the caller with this ending; others have not rung meanwhile."""
        self.call = await self.phone.rings(timeout=20)
        self.rang += 1
        assert self.call.caller_number == f"06000000{last:02}"
        await self.call.answer()

    @property
    def invited(self) -> int:
        """How many calls ever came to it."""
        return len({message.call_id for message in self.phone.received if message.start.startswith("INVITE")})


async def test_fifty_wait_and_twenty_talk_when_call_control_is_killed(
    own_exchange: RunningExchange, runtime: Runtime
) -> None:
    """Nobody is dropped; everybody stands where they stood, for as long as before; who talks, talks, and is offered
    nobody (issue 4, survival)."""
    async with customers_of(own_exchange, runtime) as open_office:
        office = await open_office()
        await office.extension("queue", "300", "Support")
        await office.plan((office.main, "300", "Support"))
        desks = {}
        for place, agent in enumerate(CROWD):
            await office.user(agent, f"Agent {agent}")
            desks[agent] = Place(await office.wire_phone(agent, tone=700 + 50 * place if agent in HEARD else 0))
        # Only some have a voice, which is easier on the machine.
        hall = Hall(office, await office.carrier())
        crowd = await office.carrier("crowd", tone=0)
        await hall.arrange(*CROWD, strategy="linear", ring_timeout=60, call_limit=100)
        talking = {}
        for last, agent in enumerate(CROWD, 1):
            carrier = hall.carrier if agent in HEARD else crowd
            talking[agent] = await carrier.calls(office.main, caller=f"+316000000{last:02}")
            await desks[agent].takes(last)
        waiting = []
        for last in range(TALKING + 1, TALKING + 1 + WAITING):
            waiting.append(await crowd.calls(office.main, caller=f"+316000000{last:02}"))
            await waiting[-1].answered()  # so that they come in this order
        before = await office.api.get(f"{office.path}/queues/300/now")
        assert (len(before["waiting"]), len(before["agents"])) == (WAITING, TALKING)

        killed = own_exchange.kills("call control")
        await own_exchange.says("Centrale runs", after=killed)
        after = await office.api.get(f"{office.path}/queues/300/now")
        assert waits(after) == waits(before), "the same callers in the same order"
        assert since(after) == pytest.approx(since(before), rel=0, abs=1), "they have waited as long"
        assert [(it["agent"], it["state"], it["answered"]) for it in after["agents"]] == [
            (agent, "talking", 1) for agent in CROWD
        ]
        for agent in HEARD:
            await talking[agent].hears_tone(desks[agent].phone.tone)
            await desks[agent].call.hears_tone(hall.carrier.tone)

        # One agent after the other hangs up, and gets the next caller, in the order in which they had called.
        for last, (caller, agent) in enumerate(zip(waiting, cycle(CROWD), strict=False), TALKING + 1):
            await desks[agent].call.hang_up()
            if last <= 2 * TALKING:
                await talking[agent].ended()  # they were connected with each other, all the time
            await desks[agent].takes(last)
            if agent in HEARD:
                await caller.hears_tone(desks[agent].phone.tone)
        assert [desk.invited for desk in desks.values()] == [desk.rang for desk in desks.values()]
        await asyncio.gather(*(desk.call.hang_up() for desk in desks.values()))

        found = await every_record(office, TALKING + WAITING)
        assert {record["outcome"] for record in found} == {"answered"}
        stood = [record for record in found if "the caller stands in line again" in str(record["trace"])]
        went_on = [record for record in found if "the talk went on" in str(record["trace"])]
        assert (len(stood), len(went_on)) == (WAITING, TALKING)


def waits(queue: dict[str, Any]) -> list[tuple[int, str]]:
    return [(it["position"], it["call"]) for it in queue["waiting"]]


def since(queue: dict[str, Any]) -> list[float]:
    """When each came, in seconds."""
    return [datetime.fromisoformat(it["since"]).timestamp() for it in queue["waiting"]]


async def every_record(office: Office, number: int) -> list[dict[str, Any]]:
    """All of them, with their traces, once there are so many and no call runs."""
    loop = asyncio.get_running_loop()
    until = loop.time() + 15
    while True:
        found = (await office.api.get(f"{office.path}/records?limit=200"))["items"]
        if len(found) >= number and not (await office.api.get(f"{office.path}/calls"))["items"]:
            assert len(found) == number
            return [await office.api.get(f"{office.path}/records/{record['id']}") for record in found]
        assert loop.time() < until, f"{len(found)} of {number} records"
        await asyncio.sleep(0.1)  # They are written after the end, and nothing tells when.
