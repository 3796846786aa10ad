"""After a restart queues count on from where they stood: what was stored is what the engine knew (QUE-10, QUE-19)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.scenarios.hall import Hall
from tests.scenarios.hearing import now, until
from tests.scenarios.world import World

from centrale.accounts import extensions, queue_event_store, queues
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.queue_figures import QueueEvent, moment_of, ms_of
from centrale.accounts.queue_memory import Memory
from centrale.accounts.queue_recall import lasting_wrap_ups, recall
from centrale.acd import AgentView
from centrale.acd.engine import Engine
from centrale.acd.events import (
    AnsweredEarlier,
    CallerJoined,
    Configured,
    Counters,
    LoggedOn,
    OfferAnswered,
    TalkEnded,
    WrapUpRestored,
)
from centrale.acd.instructions import Offer
from centrale.acd.picture import AgentId, CallId, Member, Picture, QueueSettings, Strategy
from centrale.queueing.happenings import Happening, What
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.telephony.simulated.virtual_time import run_virtual

from .office import Office

AGENT, OTHER = ExtensionNumber("201"), ExtensionNumber("202")
DESK = ExtensionNumber("300")


class Kept:
    """A journal that remembers."""

    def __init__(self) -> None:
        self.events: list[QueueEvent] = []

    def happened(self, event: Sequence[object]) -> None:
        self.events.append(QueueEvent(*event))  # type: ignore[arg-type]


@dataclass
class Morning:
    """What a queue did until it was killed, and what its engine knew then."""

    events: list[QueueEvent]
    agents: dict[str, AgentView]
    ended: datetime


def morning() -> Morning:
    """Two agents; one answers three calls, the other lets two pass; the first has wrap-up when all stops."""

    async def story() -> Morning:
        world = World()
        hall = await Hall.open(world, world.company(), strategy="linear", ring_timeout=5, wrap_up=30)
        for agent in ("201", "202"):
            await hall.employ(agent)
        engine = world.queues.of(hall.company.id).engine
        for agent in ("202", "201"):
            await world.books.log_on_to_queue(hall.company.id, DESK, ExtensionNumber(agent), world.platform.clock.now())
        for talk in (10, 20, 4):
            caller = await hall.caller()
            await hall.rings("202")
            await asyncio.sleep(5)
            at_agent = await hall.rings("201")
            await asyncio.sleep(1.5)
            await at_agent.answer()
            await asyncio.sleep(talk)
            await caller.hang_up()
            await until(now() + (31 if talk != 4 else 1))
        kept = Kept()
        tell = QueueEvents(kept)
        for happening in world.happened:
            tell(happening)
        await world.over()
        world.queues.stop()
        return Morning(kept.events, {it.agent: it for it in engine.agents(DESK)}, world.platform.clock.now())

    return run_virtual(story())


async def arrange(office: Office, morning: Morning) -> Directory:
    """The same queue in the database; agents logged on as they were, and all events stored."""
    await office.do(extensions.create, ExtensionIn(number=DESK, kind="queue", name="Desk", settings={}))
    for number, view in morning.agents.items():
        await office.do(queues.log_on, DESK, ExtensionNumber(number), since=view.since)
    events = [event._replace(account=office.id) for event in morning.events]
    async with office.database.connection() as connection:
        for size in (1, 7):  # whatever is stored together
            some, events = events[: size * 3], events[size * 3 :]
            await queue_event_store.store(connection, some)
        await queue_event_store.store(connection, events)
    directory = Directory(office.database)
    await directory.load()
    return directory


async def test_what_was_stored_is_what_the_engine_knew(database: Database, office: Office) -> None:
    before = await asyncio.to_thread(morning)
    directory = await arrange(office, before)
    (remembered,) = (await recall(database, directory.current, before.ended)).values()

    logons = [it for it in remembered if isinstance(it, LoggedOn)]
    assert [it.agent for it in logons] == ["202", "201"]  # in the order in which they were last offered a call
    for it in logons:
        view = before.agents[it.agent]
        counters = Counters(view.last_offered, view.answered, pytest.approx(view.talked, abs=0.005))
        assert it == LoggedOn(it.agent, DESK, view.since, counters)
    assert before.agents["201"].answered == 3
    waits = [it for it in remembered if isinstance(it, AnsweredEarlier)]
    assert [(it.queue, it.waited) for it in waits] == [(DESK, 6.5)] * 3
    assert sorted(waits, key=lambda it: it.at) == waits
    (wrap_up,) = [it for it in remembered if isinstance(it, WrapUpRestored)]
    assert (wrap_up.agent, (wrap_up.until - before.ended).total_seconds()) == ("201", pytest.approx(29, abs=0.01))


async def test_a_wrap_up_that_ends_early_after_a_restart_is_as_long_as_it_was(
    database: Database, office: Office
) -> None:
    """QUE-29, however the process that saw its beginning ended."""
    before = await asyncio.to_thread(morning)
    await arrange(office, before)
    (wrap_up,) = await lasting_wrap_ups(database, before.ended)
    assert (wrap_up.account, wrap_up.queue, wrap_up.agent, wrap_up.ms) == (office.id, DESK, AGENT, 30_000)
    assert await lasting_wrap_ups(database, before.ended + timedelta(seconds=30)) == []

    kept = Kept()
    tell = QueueEvents(kept)
    tell.goes_on(wrap_up)

    def agent_is(state: str, after: float, seconds: float | None = None) -> None:
        at = moment_of(wrap_up.at) + timedelta(seconds=after)
        tell(Happening(AccountId(office.id), at, What.AGENT_STATE, agent=AGENT, seconds=seconds, detail=state))

    agent_is("wrap_up", 3, 27)
    agent_is("free", 12)
    assert kept.events == [wrap_up._replace(what="wrap_up_cut", at=wrap_up.at + 12_000, ms=-18_000)]


def busy_morning(strategy: Strategy, seed: int) -> tuple[Morning, Engine]:
    """Four agents who take calls, let them pass and decline, as chance has it; one of them goes and comes again."""
    dice = Random(seed)

    async def story() -> tuple[Morning, Engine]:
        world = World()
        hall = await Hall.open(world, world.company(), "201", "202", "203", "204", strategy=strategy, ring_timeout=5)
        engine = world.queues.of(hall.company.id).engine
        for number in range(dice.randint(6, 14)):
            caller = await hall.caller()
            while caller.end is None:
                _, at_agent = await hall.rings_at()
                match dice.randrange(4):
                    case 0:
                        await at_agent.ended(10)
                    case 1:
                        await asyncio.sleep(dice.uniform(0.1, 4))
                        await at_agent.decline()
                    case _:
                        await asyncio.sleep(dice.uniform(0, 4))
                        await at_agent.answer()
                        await asyncio.sleep(dice.uniform(0, 200))
                        await caller.hang_up()
            await asyncio.sleep(dice.uniform(6, 60))  # who declined has rested
            if number == 3:
                again = hall.company.id, DESK, ExtensionNumber("203"), world.platform.clock.now()
                await world.books.log_off_from_queue(*again)
                await world.books.log_on_to_queue(*again)
        kept = Kept()
        tell = QueueEvents(kept)
        for happening in world.happened:
            tell(happening)
        ended = world.platform.clock.now()
        await world.over()
        world.queues.stop()
        return Morning(kept.events, {it.agent: it for it in engine.agents(DESK)}, ended), engine

    return run_virtual(story())


def whose_turn(engine: Engine, now: datetime) -> list[str]:
    """To whom the next callers are offered, each of whom talks for a while."""
    found = []
    for number, talk in enumerate((30, 5, 90, 1, 60, 10, 10, 45)):
        call, now = CallId(f"next {number}"), now + timedelta(seconds=7)
        (offer,) = [it for it in engine.handle(CallerJoined(call, DESK), now) if isinstance(it, Offer)]
        found.append(offer.agent)
        engine.handle(OfferAnswered(offer.offer), now)
        now += timedelta(seconds=talk)
        engine.handle(TalkEnded(call), now)
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("strategy", [it for it in Strategy if it not in (Strategy.RANDOM, Strategy.RING_ALL)])
async def test_a_restart_changes_nobodys_turn(
    database: Database, office: Office, strategy: Strategy, seed: int
) -> None:
    """Whatever the strategy goes by, the process after us goes by the same (QUE-19)."""
    before, engine = await asyncio.to_thread(busy_morning, strategy, seed)
    for agent in ("203", "204"):
        await office.employ(agent)
    directory = await arrange(office, before)
    (remembered,) = (await recall(database, directory.current, before.ended)).values()
    again = Engine()
    members = tuple(Member(AgentId(agent)) for agent in ("201", "202", "203", "204"))
    settings = QueueSettings(DESK, members, strategy, ring_timeout=5)
    logons = [LoggedOn(AgentId(agent), DESK, view.since) for agent, view in before.agents.items()]
    again.handle_all([Configured(Picture({DESK: settings})), *remembered, *logons], before.ended)
    assert whose_turn(again, before.ended) == whose_turn(engine, before.ended)


async def test_who_logged_on_anew_begins_anew(database: Database, office: Office) -> None:
    before = await asyncio.to_thread(morning)
    directory = await arrange(office, before)
    await office.do(queues.log_off, DESK, AGENT)
    await office.do(queues.log_on, DESK, AGENT, since=before.ended)
    (remembered,) = (await recall(database, directory.current, before.ended)).values()
    assert [it.agent for it in remembered if isinstance(it, LoggedOn)] == [OTHER]
    # Their wrap-up goes on all the same: it is theirs, not the queue's.
    assert [it.agent for it in remembered if isinstance(it, WrapUpRestored)] == [AGENT]
    # And so it is when the logon was stored, too.
    on = QueueEvent(office.id, DESK, ms_of(before.ended), ms_of(before.ended), What.LOGGED_ON, agent=AGENT)
    async with database.connection() as connection:
        await queue_event_store.store(connection, [on])
    (remembered,) = (await recall(database, directory.current, before.ended)).values()
    (mine,) = [it for it in remembered if isinstance(it, LoggedOn) and it.agent == AGENT]
    assert mine.counters == Counters()


async def test_waits_of_long_ago_and_wrap_ups_that_are_over_are_forgotten(database: Database, office: Office) -> None:
    before = await asyncio.to_thread(morning)
    directory = await arrange(office, before)
    (remembered,) = (await recall(database, directory.current, before.ended + timedelta(hours=1))).values()
    assert {type(it) for it in remembered} == {LoggedOn}


async def test_waits_are_found_by_the_index(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL says it differently")
    async with database.read() as unit:
        plan = await unit.session.execute(
            text(
                "EXPLAIN QUERY PLAN WITH wanted (account_id, queue) AS (VALUES (1, '300')) SELECT e.ms FROM wanted "
                "CROSS JOIN queue_events e WHERE e.account_id = wanted.account_id AND e.queue = wanted.queue "
                "AND e.moment >= 1"
            )
        )
        told = " ".join(row.detail for row in plan)
    assert "USING INDEX ix_queue_events_account_id_queue_moment" in told
    assert "SCAN e" not in told


moments = st.integers(0, 100)
happened = st.lists(
    st.builds(
        lambda what, at, ms: QueueEvent(1, "300", at, at, what, "c", "201", ms),
        st.sampled_from([What.LOGGED_ON, What.OFFERED, What.ANSWERED, What.TALK_ENDED, "wrap_up", "wrap_up_cut"]),
        moments,
        st.integers(0, 30),
    )
).map(lambda events: sorted(events, key=lambda it: it.at))


@settings(max_examples=300)
@given(happened, st.lists(st.integers(0, 20)))
def test_it_does_not_matter_what_is_stored_together(events: list[QueueEvent], cuts: list[int]) -> None:
    def remembered(pieces: list[list[QueueEvent]]) -> dict[str, object]:
        row: dict[str, object] = {}
        for piece in pieces:
            memory = Memory()
            for event in piece:
                memory.add(event)
            if row:
                memory.read(row)
            row = memory.as_row()
        return row

    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    pieces = [events[begin:end] for begin, end in pairwise(edges) if begin < end]
    assert remembered(pieces) == remembered([events] if events else [])
