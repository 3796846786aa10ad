"""Random days of a call centre, on the simulated switch: whatever callers, agents and administrators do, and whenever,
nobody is offered two calls, no caller reaches two agents, and in the end nothing of anybody is left (QUE-5)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from far_switch import FarSwitch
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tests.scenarios.hall import Hall
from tests.scenarios.world import World

from centrale.acd.picture import Strategy
from centrale.queueing.happenings import Happening, What
from centrale.telephony.simulated import SimulatedPhone, SimulatedSwitch
from centrale.telephony.simulated.virtual_time import run_virtual

AGENTS = ("201", "202", "203")
instants = st.sampled_from([0.0, 0.0, 0.001, 0.5, 1.0, 2.0, 3.0, 5.0, 5.0, 9.0, 10.0, 20.0, 45.0])


@dataclass(frozen=True)
class Caller:
    """Calls at `at`, presses 1 after `presses`, hangs up after `patience` at the latest."""

    at: float
    patience: float
    presses: float | None
    second_queue: bool


@dataclass(frozen=True)
class Answer:
    """What an agent does at the next ring: after `wait` seconds `what`, and talks for `talk` seconds."""

    what: str
    wait: float
    talk: float


@dataclass(frozen=True)
class Act:
    """Something an administrator or an agent does beside calls."""

    at: float
    what: str
    agent: str


@dataclass(frozen=True)
class Day:
    """A story."""

    strategy: Strategy
    settings: dict[str, Any]
    callers: tuple[Caller, ...]
    answers: tuple[Answer, ...]
    acts: tuple[Act, ...]


callers = st.builds(
    Caller, instants, st.sampled_from([0.0, 1.0, 5.0, 12.0, 60.0, 200.0]), st.none() | instants, st.booleans()
)
answers = st.builds(
    Answer, st.sampled_from(["answer", "answer", "answer", "486", "ring", "vanish"]), instants, instants
)
acts = st.builds(
    Act, instants, st.sampled_from(["off", "on", "phone off", "phone on", "arrange"]), st.sampled_from(AGENTS)
)
options = st.fixed_dictionaries(
    {
        "ring_timeout": st.sampled_from([1, 5, 10]),
        "wrap_up": st.sampled_from([0, 3]),
        "call_limit": st.sampled_from([2, 20]),
        "offer_second_call": st.booleans(),
        "introduction": st.sampled_from([None, {"sound": "hello.wav"}]),
        "announce_position": st.booleans(),
        "announce_every": st.just(10),
        "infotainment": st.sampled_from([[], ["news.wav"]]),
        "music": st.booleans(),
        "breakout": st.sampled_from([None, "290"]),
        "forward": st.sampled_from([None, {"to": "400", "after": 40}]),
        "no_agents": st.sampled_from([None, "400"]),
    }
)
days = st.builds(
    Day,
    st.sampled_from(list(Strategy)),
    options,
    st.lists(callers, min_size=1, max_size=6).map(tuple),
    st.lists(answers, min_size=1, max_size=8).map(tuple),
    st.lists(acts, max_size=4).map(tuple),
)


async def live(day: Day, switch: SimulatedSwitch) -> World:
    """Let it happen, to the very end."""
    problems: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, problem: problems.append(problem))
    world = World(switch=switch)
    acme = world.company()
    acme.user("290", "Desk")
    acme.extension("400", "announcement", "Sorry", sound="sorry.wav")
    hall = await Hall.open(world, acme, *AGENTS, strategy=day.strategy, **day.settings)
    await acme.queue("301", "Second", *AGENTS[:2], weight=10)
    acme.number("+31201110301", "301")
    desk = await acme.phone("desk", logged_on="290")
    replies = iter(day.answers * 200)
    people = [asyncio.create_task(phone_of(phone, lambda: next(replies))) for phone in (*hall.phones.values(), desk)]
    done = [asyncio.create_task(call_in(hall, caller)) for caller in day.callers]
    done += [asyncio.create_task(act(hall, it, day)) for it in day.acts]
    async with asyncio.timeout(100_000):
        await asyncio.gather(*done)
        await world.exchange.idle()
    for task in people:
        task.cancel()
    await asyncio.gather(*people, return_exceptions=True)
    await world.over()
    assert problems == []
    return world


async def call_in(hall: Hall, caller: Caller) -> None:
    await asyncio.sleep(caller.at)
    call = await hall.caller(*(["+31201110301"] if caller.second_queue else []))
    begun = asyncio.get_running_loop().time()
    if caller.presses is not None and caller.presses < caller.patience:
        await asyncio.sleep(caller.presses)
        if call.end is None:
            await call.press("1")
    await asyncio.sleep(max(0.0, begun + caller.patience - asyncio.get_running_loop().time()))
    await call.hang_up()


async def phone_of(phone: SimulatedPhone, next_answer: Callable[[], Answer]) -> None:
    async with asyncio.TaskGroup() as group:
        while True:
            call = await phone.rings(timeout=1e9)
            group.create_task(react(call, next_answer()))


async def react(call: Any, answer: Answer) -> None:
    await asyncio.sleep(answer.wait)
    if call.end is not None or answer.what == "ring":
        return
    if answer.what == "486":
        await call.decline(486)
    elif answer.what == "vanish":
        await call.hang_up()
    else:
        await call.answer()
        await asyncio.sleep(answer.talk)
        await call.hang_up()


async def act(hall: Hall, act: Act, day: Day) -> None:
    await asyncio.sleep(act.at)
    world, acme, now = hall.world, hall.company, hall.world.platform.clock.now()
    phone = hall.phones[act.agent].channel
    match act.what:
        case "off":
            await world.books.log_off_from_queue(acme.id, "300", act.agent, now)
        case "on":
            await world.books.log_on_to_queue(acme.id, "300", act.agent, now)
        case "phone off":
            await world.books.log_off(acme.id, act.agent, phone, everywhere=True, now=now)
        case "phone on":
            await world.books.log_on(acme.id, act.agent, phone, alone=True, now=now)
        case "arrange":
            hall.arrange(**day.settings | {"strategy": "ring_all", "wrap_up": 1})


def check(day: Day, world: World, logs: list[Any]) -> None:
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    assert len(world.records) == len(day.callers)
    assert not [it for record in world.records for it in record["trace"] if it["rule"] == "fault"]
    told = world.happened
    offered_now: dict[str, str] = {}
    for it in told:
        agent = it.agent or ""
        if it.what is What.OFFERED:
            assert agent not in offered_now, f"{agent} is offered two calls at once"
            offered_now[agent] = it.call or ""
        elif it.what in (What.MISSED, What.ANSWERED, What.WITHDRAWN):
            assert offered_now.pop(agent) == it.call
    assert not offered_now
    every_caller_ends_once(told)


def every_caller_ends_once(told: list[Happening]) -> None:
    ends = (What.ANSWERED, What.ABANDONED, What.BROKE_OUT, What.FORWARDED, What.REFUSED)
    joined = Counter(it.call for it in told if it.what is What.JOINED)
    ended = Counter(it.call for it in told if it.what in ends)
    assert set(joined.values()) <= {1}
    assert set(ended.values()) <= {1}
    assert joined.keys() <= ended.keys()
    answered = Counter(it.call for it in told if it.what is What.ANSWERED)
    talked = Counter(it.call for it in told if it.what is What.TALK_ENDED)
    assert answered == talked


def run(day: Day, make_switch: Callable[[], SimulatedSwitch]) -> None:
    async def main() -> World:
        return await live(day, make_switch())

    with capture_logs() as logs:
        world = run_virtual(main())
    check(day, world, logs)


@settings(max_examples=120, deadline=None)
@given(days)
def test_on_a_switch_that_acts_at_once(day: Day) -> None:
    run(day, SimulatedSwitch)


@settings(max_examples=120, deadline=None)
@given(days, st.lists(st.sampled_from([0.0, 0.0, 0.001, 0.3, 2.0]), min_size=1, max_size=4))
def test_on_a_switch_that_takes_its_time(day: Day, delays: list[float]) -> None:
    run(day, lambda: FarSwitch(delays))
