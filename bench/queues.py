"""Calls to queues, beside Asterisk's `app_queue`: the same 500 agents, phones, passwords and calls.

A hundred queues with 25 members each, and one with all 500. Agents ring for 300 ms and answer; callers talk for a
second; callers hear it ring meanwhile in both. Measured are CPU per answered call, the delay until an agent's phone
rings while agents are free, how fast a crowd that calls at once is given to agents, and what device-state changes cost.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time

from bench.call_centre import (
    AGENTS,
    CHANGES,
    FIRST,
    LARGEST,
    QUEUES,
    STATES,
    CallCentre,
    app_queue,
    call_centre,
)
from bench.exchange import MeasuredExchange, settled
from bench.figures import Figure
from bench.load import OURS, PLAIN, SCENARIOS, WAYS, Spent, delays, together
from bench.people import PASSWORD, pairs
from bench.processes import cpu_seconds
from centrale.accounts.directory import Directory
from centrale.bootstrap import open_database
from centrale.calls.live import Counted, LiveCalls
from centrale.clock import SystemClock
from centrale.phones.sipp import Sipp
from centrale.phones.tools import LOOPBACK
from centrale.queueing.queues import Queues
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.runtime import Runtime
from centrale.settings import Settings

RATE = 30.0
CROWD = 200
"""So many call at once."""
MANY, LARGE = "100 queues of 25", "one queue of 500"
NUMBERS = {MANY: [str(FIRST + number) for number in range(QUEUES)], LARGE: [LARGEST]}
_TALK_MS = 1000
_GIVE_UP_MS = 30_000


@dataclass(slots=True)
class Found:
    """By queues and way: rounds at a steady rate, in pairs; and calls a second that a crowd was given to agents at."""

    steady: dict[tuple[str, str], list[Spent]] = field(default_factory=dict)
    crowds: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    changes_us: dict[str, float] = field(default_factory=dict)
    """CPU per change of a device's state, by way."""

    def figures(self) -> list[Figure]:
        found = []
        for queues in NUMBERS:
            found += self._figures(queues)
        note = f"{CHANGES:,} changes, {AGENTS} members in {QUEUES} queues; beside Asterisk without app_queue"
        ours, plain = self.changes_us[OURS], self.changes_us[PLAIN]
        found.append(_less("CPU per device-state change", "µs", ours, plain, note))
        return found

    def _figures(self, queues: str) -> list[Figure]:
        rounds = [self.steady[queues, way] for way in (OURS, PLAIN)]
        ours, plain = (together(each) for each in rounds)
        pairs = [mine.total_ms / theirs.asterisk_ms for mine, theirs in zip(*rounds, strict=True)]
        note = (
            f"Asterisk {ours.asterisk_ms:.1f} + Python {ours.control_ms:.1f}; {RATE:g} calls/s, "
            f"{ours.calls} calls, failed: ours {ours.failed}, app_queue {plain.failed}"
        )
        cpu = _less(f"CPU per answered call, {queues}", "ms", ours.total_ms, plain.asterisk_ms, note)
        cpu = Figure(cpu.name, "ms", cpu.ours, cpu.plain, f"× {statistics.median(pairs):.2f}", note=note)
        at = [
            _less(f"Caller in → agent's phone, {queues}, p{percent}", "ms", *_percentiles(percent, ours, plain))
            for percent in (50, 99)
        ]
        crowd = [statistics.median(self.crowds[queues, way]) for way in (OURS, PLAIN)]
        note = f"{CROWD} callers at once, until the last of their agents rings"
        compared = f"× {crowd[0] / crowd[1]:.2f}"
        return [cpu, *at, Figure(f"Assignments, {queues}", "/s", *crowd, compared=compared, note=note)]


def _less(name: str, unit: str, ours: float, plain: float, note: str = "an agent is free") -> Figure:
    return Figure(name, unit, ours, plain, f"× {ours / plain:.2f}" if plain > 0 else "", note=note)


def _percentiles(percent: int, *spent: Spent) -> list[float]:
    return [statistics.quantiles(each.delays_ms, n=100)[percent - 1] for each in spent]


async def run(
    folder: Path, runtime: Runtime, rounds: int, seconds: float, tell: Callable[[], None] = lambda: None
) -> Found:
    """`rounds` times plain and ours in turn, calls beginning for `seconds` in each."""
    found = Found()
    people = pairs(AGENTS)
    async with call_centre(folder, runtime, people) as centre:
        arguments = ["-p", str(centre.ours.callee_port), "-l", "100000"]
        async with Sipp(runtime, "agents", SCENARIOS / "agent.xml", folder, arguments) as agents:
            phones = _Phones(centre, agents)
            for way in WAYS:  # what is made at first use is not what a call costs
                await phones.call(way, MANY, RATE, round(RATE))
            for queues in NUMBERS:
                for _ in range(rounds):
                    for way in WAYS:
                        spent = await phones.call(way, queues, RATE, round(RATE * seconds))
                        found.steady.setdefault((queues, way), []).append(spent)
                        crowd = await phones.call(way, queues, 5 * CROWD, CROWD)
                        found.crowds.setdefault((queues, way), []).append(len(crowd.delays_ms) / crowd.seconds)
                        tell()
        found.changes_us[OURS] = await _our_changes(centre.ours.settings)
        found.changes_us[PLAIN] = await _plain_changes(folder / "states", centre)
        tell()
    return found


class _Phones:
    """Callers for either, and the agents' phones, which are the same."""

    def __init__(self, centre: CallCentre, agents: Sipp) -> None:
        self._centre = centre
        self._agents = agents
        self._heard = 0

    async def call(self, way: str, queues: str, rate: float, calls: int) -> Spent:
        """So many calls; in what is found, `seconds` runs from the first caller to the last agent's phone."""
        ours, plain = self._centre.ours, self._centre.plain
        fields = ours.folder / "callers.fields"
        numbers = NUMBERS[queues]
        lines = [
            f"{pair.caller};[authentication username={pair.caller} password={PASSWORD}];"
            f"{numbers[nth % len(numbers)]};{pair.caller_extension}"
            for nth, pair in enumerate(ours.people)
        ]
        fields.write_text("\n".join(["SEQUENTIAL", *lines, ""]))
        port = ours.settings.sip_port if way == OURS else self._centre.plain_port
        exchange = (ours.asterisk, ours.control) if way == OURS else (plain,)
        before = [cpu_seconds(pid) for pid in exchange]
        counts, called = await _sipp(ours.runtime, ours.folder, fields, port, rate, calls)
        for pid in exchange:
            await settled(pid)
        spent = [cpu_seconds(pid) - was for pid, was in zip(exchange, before, strict=True)]
        rung = self._agents.marks()[self._heard :]
        self._heard += len(rung)
        return Spent(
            calls=counts[0],
            failed=counts[1],
            asterisk_s=spent[0],
            control_s=spent[1] if way == OURS else 0.0,
            seconds=_moment(rung[-1]) - _moment(called[0]),
            delays_ms=delays(called, rung),
        )


async def _sipp(
    runtime: Runtime, folder: Path, fields: Path, port: int, rate: float, calls: int
) -> tuple[tuple[int, int], list[list[str]]]:
    """How many were made and failed; marks."""
    arguments = ["-inf", str(fields), "-r", str(rate), "-m", str(calls), "-l", "100000"]
    arguments += ["-d", str(_TALK_MS), "-recv_timeout", str(_GIVE_UP_MS), f"{LOOPBACK}:{port}"]
    async with Sipp(runtime, "callers", SCENARIOS / "caller.xml", folder, arguments) as callers:
        counts = await callers.finished()
    return (counts.made, counts.failed), callers.marks()


def _moment(mark: list[str]) -> float:
    _, seconds, micros = mark
    return int(float(seconds)) + float(micros) / 1e6


async def _plain_changes(home: Path, centre: CallCentre) -> float:
    """Microseconds of CPU per change, less what it costs an Asterisk that has no `app_queue`."""
    took = []
    for with_queues in (False, True):
        place = home / str(with_queues)
        async with app_queue(
            place, centre.ours.runtime, centre.ours, by_custom_states=True, with_queues=with_queues
        ) as (port, pid):
            await _change_all(centre.ours, port, pid)  # the first time devices are written down anew
            took.append(await _change_all(centre.ours, port, pid))
    without, with_ = took
    return (with_ - without) / CHANGES * 1e6


async def _change_all(ours: MeasuredExchange, port: int, pid: int) -> float:
    """Have the dialplan change all states; gives seconds of CPU."""
    await settled(pid)
    before = cpu_seconds(pid)
    fields = ours.folder / "changes.fields"
    caller = ours.people[0].caller
    authentication = f"[authentication username={caller} password={PASSWORD}]"
    fields.write_text(f"SEQUENTIAL\n{caller};{authentication};{STATES};-\n")
    (_, failed), _ = await _sipp(ours.runtime, ours.folder, fields, port, 1, 1)
    await settled(pid)
    if failed:
        raise RuntimeError("the call that changes device states failed")
    return cpu_seconds(pid) - before


@dataclass(slots=True, eq=False)
class _OwnCall:
    """A call that is none of a queue's: all that queues look at in it."""

    id: str
    account_id: AccountId
    engaged: Counted[ExtensionNumber]
    channels: Counted[str] = field(default_factory=Counted)
    places: Counted[ExtensionNumber] = field(default_factory=Counted)


async def _our_changes(settings: Settings) -> float:
    """The same of ours: agents begin and end calls of their own. CPU of this thread, with the account's own picture."""
    database = await open_database(settings)
    try:
        directory = Directory(database)
        await directory.load()
    finally:
        await database.close()
    live = LiveCalls()
    queues = Queues(SystemClock(), directory, live)
    (account,) = directory.current.accounts
    agents = [ExtensionNumber(pair.callee_extension) for pair in pairs(AGENTS)]
    calls = [_OwnCall(str(nth), account, Counted([agents[nth % AGENTS]])) for nth in range(CHANGES // 2)]
    before = thread_time()
    for call in calls:
        live.began(call)  # type: ignore[arg-type]
        live.ended(call)  # type: ignore[arg-type]
    took = thread_time() - before
    queues.stop()
    return took / CHANGES * 1e6
