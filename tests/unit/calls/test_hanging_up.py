"""Whoever hangs up, whenever, and in whatever order: nothing of the call is left, and its record is whole.

Hypothesis chooses a call (every kind, every service, outside, emergency), what the called phones do and when, the
instant and the turn of the loop in which the caller hangs up, and how long the switch takes over each command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from company import CALLS, OURS, TWO_CALLS, cast
from far_switch import FarSwitch
from hypothesis import given, settings
from hypothesis import strategies as st
from step_loop import run_to_the_end
from structlog.testing import capture_logs
from tests.scenarios.world import World

from centrale.kinds.registry import KINDS
from centrale.services.registry import SERVICES, WITH_ARGUMENT
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone, SimulatedSwitch
from centrale.telephony.simulated.virtual_time import run_virtual
from centrale.telephony.switch import LegId

# -- what they do ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reaction:
    """What a called phone does: `what` after `wait` seconds and `turns` of the loop; after answering it talks."""

    what: str
    wait: float
    turns: int
    talk: float

    async def to(self, call: SimulatedCall) -> None:
        await pause(self.wait, self.turns)
        if call.end is not None or self.what == "ring":
            return
        if self.what in ("early", "early, answer"):
            await call.early()
            await asyncio.sleep(0.5)
        if call.end is not None or self.what == "early":
            return
        if self.what.isdigit():
            await call.decline(int(self.what))
        elif self.what == "vanish":
            await call.hang_up()
        else:
            await call.answer()
            await pause(self.talk, self.turns)
            await call.hang_up()


async def pause(seconds: float, turns: int) -> None:
    await asyncio.sleep(seconds)
    for _ in range(turns):
        await asyncio.sleep(0)


instants = st.sampled_from([0.0, 0.0, 0.001, 0.5, 1.0, 2.0, 2.1, 4.0, 4.5, 6.0, 9.0, 12.0, 30.0])
turns = st.integers(0, 12)
reactions = st.builds(
    Reaction,
    st.sampled_from(["ring", "answer", "answer", "486", "503", "603", "404", "early", "early, answer", "vanish"]),
    instants,
    turns,
    st.sampled_from([0.0, 0.0, 0.001, 1.0, 20.0]),
)
delays = st.lists(st.sampled_from([0.0, 0.0, 0.001, 0.3, 2.0]), min_size=1, max_size=4)


@dataclass(frozen=True)
class Story:
    """A whole call; `hang_up`: when the caller does, None for never."""

    call: str
    reactions: tuple[Reaction, ...]
    hang_up: float | None
    turns: int
    keys_every: float


stories = st.builds(
    Story,
    st.sampled_from(sorted(CALLS)),
    st.lists(reactions, min_size=1, max_size=5).map(tuple),
    st.none() | instants | st.floats(0, 40, allow_nan=False),
    turns,
    st.sampled_from([0.05, 1.0, 3.0]),
)


async def tell(story: Story, switch: SimulatedSwitch, on_stage: Callable[[SimulatedCall], None] | None = None) -> World:
    """Let it happen, to the very end. `on_stage` is given every call at a phone, the caller's first."""
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, problem: problems.append(problem))
    people = await cast(switch)
    begin, keys = CALLS[story.call]
    call = await begin(people)
    if on_stage:
        on_stage(call)
    reacting = [asyncio.create_task(react(phone, story.reactions, on_stage), name=OURS) for phone in people.called]
    pressing = asyncio.create_task(press(call, keys, story.keys_every), name=OURS)
    if story.hang_up is not None:
        await pause(story.hang_up, story.turns)
        await call.hang_up()
    async with asyncio.timeout(1000):
        await people.world.exchange.idle()
    left = {task for task in asyncio.all_tasks() - {asyncio.current_task()} if task.get_name() != OURS}
    assert not left, "a task outlives its call"
    await asyncio.sleep(10)  # phones that have still something to do find out that it is over
    for task in (*reacting, pressing):
        task.cancel()
    await asyncio.gather(*reacting, pressing, return_exceptions=True)
    await people.world.over()
    assert problems == []
    return people.world


async def react(
    phone: SimulatedPhone, reactions: Sequence[Reaction], on_stage: Callable[[SimulatedCall], None] | None
) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(1000):
            call = await phone.rings(timeout=1e6)
            if on_stage:
                on_stage(call)
            group.create_task(reactions[number % len(reactions)].to(call), name=OURS)


async def press(call: SimulatedCall, keys: Sequence[str], every: float) -> None:
    for entry in keys:
        await asyncio.sleep(every)
        if call.end is None:
            await call.press(entry)


# -- what must be true -----------------------------------------------------------------------------------------------


def check(story: Story, world: World, logs: list[Any]) -> None:
    """Exactly one record of each call, and it explains itself. (That nothing is left, `World.over` has seen.)"""
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    assert len(world.records) == 1 + (story.call in TWO_CALLS)
    for record in world.records:
        check_record(story, record)


def check_record(story: Story, record: dict[str, Any]) -> None:
    """It is whole."""
    trace = record["trace"]
    assert trace, "a call explains itself"
    assert record["outcome"] not in (None, "failed"), record
    instants = [datetime.fromisoformat(step["at"]) for step in trace]
    assert instants == sorted(instants)
    assert record["started"] <= min(step["at"] for step in trace)
    assert max(step["at"] for step in trace) <= record["ended"]
    match record["ended_by"]:
        case "caller":
            assert (trace[-1]["rule"], trace[-1]["outcome"]) == ("end", "the caller hung up")
        case "called":
            assert trace[-1]["rule"] == "talk"
            assert trace[-1]["outcome"].endswith("hung up")
        case by:
            assert by == "exchange"
            assert story.call not in ("a twinned user",) or record["answered"] is None
    talked = [step for step in trace if step["rule"] == "talk" and step["outcome"].startswith("connected")]
    assert (record["outcome"] == "answered") == bool(talked) == (record["answered"] is not None)
    assert not [step for step in trace if step["rule"] == "fault"]
    for before, after in pairwise(trace):
        if before["rule"] == "ring" and "timeout" in before.get("facts", {}):
            assert after["rule"] in ("ring", "end"), "ringing has an end in the trace"


def run(story: Story, make_switch: Callable[[], SimulatedSwitch]) -> World:
    async def main() -> World:
        return await tell(story, make_switch())

    with capture_logs() as logs:
        world = run_virtual(main())
    check(story, world, logs)
    return world


@settings(max_examples=150, deadline=None)
@given(stories)
def test_on_a_switch_that_acts_at_once(story: Story) -> None:
    run(story, SimulatedSwitch)


@settings(max_examples=300, deadline=None)
@given(stories, delays)
def test_on_a_switch_that_takes_its_time(story: Story, delays: list[float]) -> None:
    run(story, lambda: FarSwitch(delays))


# -- every single step -----------------------------------------------------------------------------------------------

ANSWERED = (Reaction("answer", 2.0, 0, 3.0),)
NOT_ANSWERED = (Reaction("ring", 0.0, 0, 0.0),)


RINGING = (
    "a twinned user",
    "a group",
    "a group that forwards to all",
    "a group that forwards to a group",
    "from outside to a group",
    "an outside number",
    "112",
    "a queue",
    "a queue that speaks",
    *TWO_CALLS,
)


def every_part() -> list[tuple[str, tuple[Reaction, ...], str]]:
    """Each call, answered and not, and who hangs up; where nobody is rung only the caller can."""
    ringing = [
        (call, reactions, who)
        for call in RINGING
        for reactions in (ANSWERED, NOT_ANSWERED)
        for who in ("the caller", "the one called", "both")
    ]
    alone = [(call, ANSWERED, "the caller") for call in CALLS if call not in RINGING]
    return ringing + alone


def test_every_kind_and_every_service_is_among_the_calls() -> None:
    """A new one cannot be left out: give it a call in `company`."""
    visited: set[str] = set()
    for call in CALLS:
        world, _ = _hang_up_at(Story(call, ANSWERED, None, 0, 3.0), None, "the caller")
        for step in (step for record in world.records for step in record["trace"]):
            visited |= {step["rule"], step["outcome"].removeprefix("service ")}
    assert visited >= KINDS.keys() | SERVICES.keys() | WITH_ARGUMENT.keys()


@pytest.mark.parametrize(
    ("call", "reactions", "who"),
    every_part(),
    ids=[f"{call}-{reactions[0].what}-{who}" for call, reactions, who in every_part()],
)
def test_at_every_single_step(call: str, reactions: tuple[Reaction, ...], who: str) -> None:
    """Between any two things that can happen in a call, somebody hangs up."""
    story = Story(call, reactions, None, 0, 0.5)
    _, steps = _hang_up_at(story, None, who)
    assert steps > 10
    for step in range(steps):
        _hang_up_at(story, step, who)


def _hang_up_at(story: Story, step: int | None, who: str) -> tuple[World, int]:
    calls: list[SimulatedCall] = []
    leaving: list[asyncio.Task[None]] = []

    def hang_up() -> None:
        chosen = {"the caller": calls[:1], "the one called": calls[1:2], "both": calls[:2]}[who]
        loop = asyncio.get_running_loop()
        leaving.extend(loop.create_task(call.hang_up()) for call in chosen if call.end is None)

    with capture_logs() as logs:
        world, steps = run_to_the_end(tell(story, SimulatedSwitch(), calls.append), step, hang_up)
    if world.records:
        check(story, world, logs)
    return world, steps


class SlowToRing(SimulatedSwitch):
    """Takes five seconds to tell the caller that it rings, and finds by then that the caller has gone."""

    async def ring(self, leg: LegId) -> None:
        await asyncio.sleep(5)
        await super().ring(leg)


def test_telling_the_caller_that_it_rings_does_not_outlive_the_call() -> None:
    story = Story("a twinned user", NOT_ANSWERED, 0.5, 0, 0.5)
    assert run(story, SlowToRing).last_record["ended_by"] == "caller"
