"""What statistics say of a queue is what happened to its callers and agents, also when the exchange died meanwhile
(QUE-27..29). A story is told in virtual time; then what was told of it is stored, and asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from centrale.accounts import queue_event_store, queue_statistics
from centrale.accounts.database import Database
from centrale.accounts.migrate import upgrade
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.queue_figures import QueueEvent, QueueFigures
from centrale.accounts.queue_statistics import AgentLine
from centrale.accounts.vault import Vault
from centrale.queueing.happenings import Happening
from centrale.routing.snapshot import ExtensionNumber
from centrale.telephony.simulated.virtual_time import run_virtual
from tests.scenarios.hall import Hall
from tests.scenarios.hearing import until
from tests.scenarios.test_survival import Life
from tests.scenarios.world import MONDAY_NINE, World

DAY = MONDAY_NINE - timedelta(hours=9), MONDAY_NINE + timedelta(hours=15)
AT_THE_END = MONDAY_NINE + timedelta(seconds=300)


class Kept:
    """A journal in memory."""

    def __init__(self) -> None:
        self.events: list[QueueEvent] = []

    def happened(self, event: Sequence[Any]) -> None:
        self.events.append(QueueEvent(*event))


def statistics(
    folder: Path, story: Coroutine[Any, Any, list[list[Happening]]]
) -> tuple[QueueFigures, dict[str, AgentLine]]:
    """Of queue 300, and of its agents. `story` gives what each process of the exchange told."""
    kept = Kept()
    for told in run_virtual(story):
        listener = QueueEvents(kept)
        for happening in told:
            listener(happening)
    return asyncio.run(_asked(folder, kept.events))


async def _asked(folder: Path, events: list[QueueEvent]) -> tuple[QueueFigures, dict[str, AgentLine]]:
    database = Database(f"sqlite+aiosqlite:///{folder / 'day.db'}", Vault(Fernet.generate_key()))
    await upgrade(database)
    async with database.connection() as connection:
        await queue_event_store.store(connection, events)
    account = run_account(events)
    async with database.read() as unit:
        queues = await queue_statistics.of_queues(unit, account, [DAY])
        agents = await queue_statistics.of_agents(unit, account, [DAY], now=AT_THE_END)
    await database.close()
    return queues[0, "300"], {agent: line for (_, agent), line in agents.items()}


def run_account(events: Sequence[QueueEvent]) -> Any:
    """The one account of the story."""
    (account,) = {event.account for event in events}
    return account


def spread(figures: Any) -> tuple[int, int | None, int | None, int]:
    """How many, the shortest, the longest and all together, in seconds."""
    return (
        figures.count,
        figures.least and figures.least // 1000,
        figures.most and figures.most // 1000,
        (figures.total // 1000),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_morning_in_which_everything_happens(folder: Path) -> None:
    async def morning() -> list[list[Happening]]:
        world = World()
        company = world.company()
        company.user("209", "Colleague", ring_for=20)
        await company.phone("p209", logged_on="209")
        hall = await Hall.open(
            world, company, "201", call_limit=2, wrap_up=10, ring_timeout=15, breakout="209",
            forward={"to": "209", "after": 60},
        )  # fmt: skip
        first = await hall.caller()  # 0: answered after 5, talks for 40
        rings = await hall.rings("201")
        await until(5)
        await rings.answer()
        await until(6)
        second = await hall.caller()  # 6: gives up after 14
        third = await hall.caller()  # 6: presses 1 after 11
        fourth = await hall.caller()  # 6: finds no place, and is led on
        await until(17)
        await third.press("1")
        await until(20)
        await second.hang_up()
        await until(45)
        await first.hang_up()
        fifth = await hall.caller()  # 45: 201 is in wrap-up until 55, and does not answer
        rings = await hall.rings("201")
        assert (await rings.ended(30)).code != 200
        await until(105)  # the timer runs out
        await until(110)
        for call in (third, fourth, fifth):
            await call.hang_up()
        await until(200)
        await world.books.log_off_from_queue(company.id, ExtensionNumber("300"), ExtensionNumber("201"), AT_THE_END)
        await world.over()
        return [world.happened]

    figures, agents = statistics(folder, morning())
    assert (figures.calls, figures.answered, figures.unanswered, figures.waiting) == (5, 1, 4, 0)
    assert (figures.broke_out, figures.abandoned, figures.forwarded, figures.refused) == (1, 1, 2, 0)
    assert spread(figures.wait_answered) == (1, 5, 5, 5)
    assert spread(figures.wait_unanswered) == (4, 0, 60, 14 + 11 + 0 + 60)
    assert spread(figures.talks) == (1, 40, 40, 40)
    assert [figures.answered_after.within(seconds) for seconds in (4, 5)] == [0, 1]
    line = agents["201"]
    assert (line.figures.answered, line.figures.talked, line.figures.wrap_up) == (1, 40_000, 10_000)
    assert (line.figures.offers, line.figures.missed) == (5, 3)  # the timer ended the last one
    assert line.logged_on == 200_000


@pytest.mark.parametrize("told_again", [False, True])
def test_callers_of_before_and_during_a_crash_are_counted_once(folder: Path, told_again: bool) -> None:
    """`told_again`: the process died between writing down that a caller came, and saying so."""

    async def crash() -> list[list[Happening]]:
        world = World()
        life = Life(world)
        hall = await Hall.open(world, world.company(), "201", call_limit=9)
        talking = await hall.caller()  # 0: answered at 4
        rings = await hall.rings("201")
        await until(4)
        await rings.answer()
        patient, impatient = await hall.caller(), await hall.caller()  # 4
        await until(10)
        await life.is_killed()
        before = list(world.happened)
        await until(12)
        await impatient.hang_up()  # nobody sees it
        await until(14)
        await life.starts_again()
        await until(24)
        await talking.hang_up()
        rings = await hall.rings("201")
        await until(34)
        await rings.answer()
        await until(64)
        await patient.hang_up()
        await world.over()
        after = world.happened[len(before) :]
        if told_again:
            before = [it for it in before if it.what != "joined" or it.call != before[0].call]
        return [before, after]

    figures, agents = statistics(folder, crash())
    assert (figures.calls, figures.answered, figures.abandoned, figures.waiting) == (3, 2, 1, 0)
    # Of who left while nobody looked the last moment at which they surely waited counts.
    assert spread(figures.wait_unanswered) == (1, 6, 6, 6)
    assert spread(figures.wait_answered) == (2, 4, 30, 34)
    assert spread(figures.talks) == (2, 20, 30, 50)
    assert (agents["201"].figures.answered, agents["201"].figures.talked) == (2, 50_000)
