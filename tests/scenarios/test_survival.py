"""The exchange is killed in the middle of calls, and another process takes them up (design §7, issue 2 point 8)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centrale.calls.live import LiveCalls
from centrale.exchange.exchange import Exchange
from centrale.exchange.recovery import Recovered, recover
from centrale.queueing.queues import Queues
from centrale.telephony.simulated import SimulatedPhone
from centrale.telephony.simulated.virtual_time import run_virtual
from tests.scenarios.hearing import answers, said, story, until
from tests.scenarios.world import Company, World


class Mortal:
    """A switch, or a journal, as one process of ours has it. Once that is dead, what it still does reaches nobody."""

    def __init__(self, real: Any) -> None:
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "_dead", False)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not self._dead or not callable(found):
            return found
        if asyncio.iscoroutinefunction(found):
            return _nothing_at_all
        return lambda *_: None

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._real, name, value)

    def die(self) -> None:
        object.__setattr__(self, "_dead", True)


async def _nothing_at_all(*_: object, **__: object) -> None:
    return None


class Life:
    """One process of the exchange after another, on one switch and one journal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._start(first=True)

    def _start(self, *, first: bool = False) -> None:
        world, live = self.world, LiveCalls()
        world.queues.stop()
        books, clock = world.books, world.platform.clock
        world.queues = Queues(clock, books, live, world.happened.append, opened=first)
        self._mortals = Mortal(world.switch), Mortal(world.notebook)
        switch, journal = self._mortals
        world.platform = replace(world.platform, switch=switch, journal=journal, live=live, queues=world.queues)
        world.exchange = Exchange(world.platform)
        world.exchange.start()

    async def is_killed(self) -> None:
        for mortal in self._mortals:
            mortal.die()
        self.world.switch.lose_owner()
        self._killed = self.world.platform.clock.now()
        self.world.queues.stop()
        await self.world.exchange.stop()

    async def starts_again(self) -> Recovered:
        left_behind = {call: dict(fields) for call, fields in self.world.notebook.running.items()}
        self._start()
        return await recover(self.world.exchange, left_behind, self._killed)


@pytest.fixture
async def life(world: World) -> Life:
    return Life(world)


@pytest.fixture
async def ben(acme: Company) -> SimulatedPhone:
    acme.user("202", "Ben Bakker", ring_for=20, offer_second_call=False)
    return await acme.phone("ben", logged_on="202")


async def test_a_talk_goes_on_and_is_ours_again(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await until(4)
    await rings.answer()
    await call.answered()
    await until(10)
    await life.is_killed()
    await call.hears_tone(ben.tone)
    await rings.hears_tone(anna.tone)
    await until(13)
    assert await life.starts_again() == Recovered(talking=1)
    await until(14)
    await call.hears_tone(ben.tone)
    assert [live.record.answered_by for live in world.platform.live.of()] == ["202 Ben Bakker"]
    await until(70)
    await call.hang_up()
    assert (await rings.ended()).code == 200

    await world.over()
    [record] = world.records
    assert (record["outcome"], record["ended_by"], record["answered_by"]) == ("answered", "caller", "202 Ben Bakker")
    assert record["answered"] == "2026-11-23T08:00:04.000+00:00"
    assert record["ended"] == "2026-11-23T08:01:10.000+00:00"
    assert "13.0 resume: the exchange was away; the talk went on" in story(record)


async def test_what_had_happened_before_stays_in_the_trace(world: World, life: Life, acme: Company) -> None:
    """The heartbeat notes it down every few seconds; connecting notes it at once."""
    acme.user("201", "Anna Jansen")
    acme.extension(
        "700", "menu", "Reception", question={"text": "Welcome."}, options=[{"digits": "1", "destination": "701"}]
    )
    acme.extension("701", "menu", "Sales", question={"text": "Sales."}, failover="701")
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials("700")
    await until(3)
    await call.press("1")
    await until(5)
    world.exchange.note_down()
    await life.is_killed()
    await until(7)
    assert await life.starts_again() == Recovered(begun_anew=1)
    await until(8)
    await call.hang_up()
    await world.over()
    told = story(world.last_record)
    again = told.index("7.0 resume: the exchange was away; the call begins anew")
    assert "3.0 menu: option 1" in told[:again]
    assert told[again + 1].endswith("extension 700")
    assert told[0].startswith("0.0 ")


async def test_noting_down_what_is_noted_writes_nothing(world: World, life: Life, anna: SimulatedPhone) -> None:
    written: list[str] = []
    changed = world.notebook.changed

    def counting(call: str, fields: Mapping[str, Any]) -> None:
        written.append(call)
        changed(call, fields)

    world.notebook.changed = counting  # type: ignore[method-assign]
    call = await anna.dials("299")
    await asyncio.sleep(0.5)
    for _ in range(3):
        world.exchange.note_down()
    assert len(written) == 1
    await call.ended(20)
    await world.over()


async def test_who_talks_is_still_busy_afterwards(
    world: World, life: Life, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("203", "Carl")
    carl = await acme.phone("carl", logged_on="203")
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await asyncio.sleep(1)
    await life.is_killed()
    await life.starts_again()
    assert (await (await carl.dials("202")).ended(10)).code == 486  # Ben takes no second call (USR-6)
    await rings.hang_up()
    await call.ended()
    await world.over()


async def test_the_called_side_may_end_the_talk_too(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await asyncio.sleep(1)
    await life.is_killed()
    await life.starts_again()
    await rings.hang_up()
    assert (await call.ended()).code == 200
    await world.over()
    assert world.last_record["ended_by"] == "called"


async def test_a_call_that_rang_rings_again(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    first = await ben.rings()
    await until(3)
    await life.is_killed()
    await until(5)
    assert await life.starts_again() == Recovered(begun_anew=1)
    await first.ended()
    again = await ben.rings()
    assert (again.caller_number, again.caller_name) == ("201", "Anna Jansen")
    await again.answer()
    await call.answered()
    await call.hears_tone(ben.tone)
    await call.hang_up()
    await again.ended()
    await world.over()
    [record] = world.records
    assert record["started"] == "2026-11-23T08:00:00.000+00:00"
    assert record["outcome"] == "answered"


async def test_a_caller_in_a_menu_is_asked_again(world: World, life: Life, acme: Company) -> None:
    acme.user("204", "Dora", pin="8520")
    phone = await acme.phone("dora")
    call = await phone.dials("901")
    await answers(call, "ask_extension", "204#")
    await call.hears("ask_pin")
    await life.is_killed()
    await asyncio.sleep(2)
    await life.starts_again()
    await answers(call, "ask_extension", "204#", time=2)
    await answers(call, "ask_pin", "8520#", time=2)
    assert (await call.ended(20)).code == 200
    await world.over()
    assert acme.is_logged_on("204") == ["dora"]
    assert world.last_record["outcome"] == "served"


async def test_who_hung_up_meanwhile_leaves_nobody_behind(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await until(30)
    await life.is_killed()
    await call.hang_up()
    await until(90)
    assert await life.starts_again() == Recovered(over=1)
    await rings.ended()
    await world.over()
    [record] = world.records
    assert record["outcome"] == "answered"
    # Nobody saw the end: the last moment at which the call surely ran counts.
    assert record["ended"] == "2026-11-23T08:00:30.000+00:00"
    assert story(record)[-1] == "90.0 end: the call ended while the exchange was away"


async def test_the_called_side_left_meanwhile(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await asyncio.sleep(1)
    await life.is_killed()
    await rings.hang_up()
    assert await life.starts_again() == Recovered(over=1)
    assert (await call.ended()).code == 200
    await world.over()
    assert world.last_record["outcome"] == "answered"


async def test_after_a_restart_of_the_machine_every_call_has_its_record(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await asyncio.sleep(1)
    await life.is_killed()
    await call.hang_up()
    await rings.hang_up()
    assert await life.starts_again() == Recovered(over=1)
    await world.over()
    assert [record["outcome"] for record in world.records] == ["answered"]


async def test_an_account_that_was_deleted_meanwhile(
    world: World, life: Life, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await call.answered()
    await asyncio.sleep(1)
    await life.is_killed()
    del world.books.accounts[acme.id]
    assert await life.starts_again() == Recovered(over=1)
    await call.ended()
    await rings.ended()
    await world.over()
    assert len(world.records) == 1


async def test_a_number_that_was_taken_away_meanwhile(world: World, life: Life, acme: Company) -> None:
    acme.user("201", "Anna")
    anna = await acme.phone("anna", logged_on="201")
    acme.number("+31201234567", "201")
    carrier = await world.carrier("carrier", acme)
    call = await carrier.calls("+31201234567", caller="+31612345678")
    await anna.rings()
    await life.is_killed()
    world.books.change(acme.id, numbers={}, schemas=())
    await life.starts_again()
    assert (await call.ended(10)).code == 404
    assert "number_not_in_use" in said(call)
    await world.over()
    assert [record["outcome"] for record in world.records] == ["refused"]


async def test_a_call_that_came_in_at_the_moment_of_death_is_served(
    world: World, life: Life, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    await life.is_killed()
    world.notebook.running.clear()  # it died before it could note the call
    assert await life.starts_again() == Recovered()
    await (await ben.rings()).answer()
    await call.hears_tone(ben.tone)
    await call.hang_up()
    await world.over()
    assert len(world.records) == 1


@settings(deadline=None, max_examples=60)
@given(
    killed_after=st.floats(0, 12),
    away_for=st.floats(0, 8),
    answered_after=st.one_of(st.none(), st.floats(0, 10)),
    hangs_up=st.sampled_from(["caller", "called"]),
    hangs_up_after=st.floats(0, 30),
    dialled=st.sampled_from(["202", "300", "901", "0612345678"]),
)
def test_whenever_it_dies_every_call_ends_and_is_written_down_once(
    killed_after: float,
    away_for: float,
    answered_after: float | None,
    hangs_up: str,
    hangs_up_after: float,
    dialled: str,
) -> None:
    async def told() -> None:
        world = World()
        acme = world.company()
        for number, name in (("201", "Anna"), ("202", "Ben")):
            acme.user(number, name)
        acme.extension("300", "group", "Sales", members=["201", "202"])
        anna, ben = [await acme.phone(name, logged_on=user) for name, user in (("anna", "201"), ("ben", "202"))]
        carrier = await world.carrier("carrier", acme)
        life = Life(world)
        call = await anna.dials(dialled)
        called = carrier if dialled.startswith("06") else ben

        async def other_side() -> None:
            while True:
                rings = await called.rings(1000)
                if answered_after is not None:
                    asyncio.get_running_loop().call_later(answered_after, _answer, rings)
                if hangs_up == "called":
                    asyncio.get_running_loop().call_later(hangs_up_after, _hang_up, rings)

        side = asyncio.create_task(other_side())
        if hangs_up == "caller":
            asyncio.get_running_loop().call_later(hangs_up_after, _hang_up, call)
        await asyncio.sleep(killed_after)
        await life.is_killed()
        await asyncio.sleep(away_for)
        await life.starts_again()
        await asyncio.sleep(200)
        await call.hang_up()
        side.cancel()
        await asyncio.gather(side, *_acts, return_exceptions=True)
        await world.over()
        assert len(world.records) == 1
        assert world.last_record["ended"] is not None
        assert world.last_record["outcome"] is not None

    _acts: list[asyncio.Task[None]] = []

    def _answer(rings: Any) -> None:
        if rings.end is None and not rings.is_answered:
            _acts.append(asyncio.ensure_future(rings.answer()))

    def _hang_up(one: Any) -> None:
        _acts.append(asyncio.ensure_future(one.hang_up()))

    run_virtual(told())
