"""Random days of call centres, as events; and their statistics worked out slowly and obviously from those events."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from centrale.accounts.queue_figures import QueueEvent, ms_of

BEGINNING = ms_of(datetime(2026, 3, 28, 20, 0, tzinfo=UTC))
"""Some hours before Amsterdam sets its clocks forward."""
HOURS = 60
ENDS = ("answered", "picked_up", "forwarded", "broke_out", "abandoned", "refused")

_moments = st.integers(0, HOURS * 3_600_000) | st.integers(0, HOURS * 4).map(lambda quarter: quarter * 900_000)
_waits = st.sampled_from([0, 1, 999, 1_000, 1_001, 20_000, 20_001, 3_600_000, 3_600_001]) | st.integers(0, 4_000_000)


@st.composite
def stays(draw: st.DrawFn, number: int = 0) -> list[QueueEvent]:
    """All that happens to one caller."""
    account, queue = draw(st.sampled_from([(1, "300"), (1, "301"), (2, "300")]))
    agent = draw(st.sampled_from(["201", "202"]))
    came, call = BEGINNING + draw(_moments), f"c{draw(st.integers(0, 10**9))}"

    def event(what: str, at: int, ms: int | None = None, agent: str | None = None, detail: str = "") -> QueueEvent:
        return QueueEvent(account, queue, came, at, what, call, agent, ms, detail)

    events = [event("joined", came)]
    for _ in range(draw(st.integers(0, 2))):
        events += [event("offered", came, agent=agent), event("missed", came, agent=agent, detail="no_answer")]
    wait, end = draw(_waits), draw(st.sampled_from(["still there", "answered", *ENDS]))
    if end == "still there":
        return events
    who = agent if end == "answered" else None
    if who:
        events.append(event("offered", came, agent=who))
    events.append(event(end, came + wait, wait, who))
    talk = draw(st.integers(0, 900_000) | st.none())
    if who and talk is not None:
        over = came + wait + talk
        wrap_up = QueueEvent(account, queue, came, over, "wrap_up", agent=who, ms=30_000)
        events += [event("talk_ended", over, talk, who), wrap_up]
        if draw(st.booleans()):
            events.append(wrap_up._replace(at=over + 10_000, what="wrap_up_cut", ms=-20_000))
    return events


@st.composite
def logons(draw: st.DrawFn) -> list[QueueEvent]:
    """An agent's time on a queue. Sessions of one agent on one queue begin at different moments."""
    account, queue = draw(st.sampled_from([(1, "300"), (1, "301"), (2, "300")]))
    agent, since = draw(st.sampled_from(["201", "203"])), BEGINNING + draw(_moments)
    on = QueueEvent(account, queue, since, since, "logged_on", agent=agent)
    lasted = draw(st.integers(0, 40_000_000) | st.none())
    if lasted is None:
        return [on]
    return [on, QueueEvent(account, queue, since, since + lasted, "logged_off", agent=agent, ms=lasted)]


def histories() -> st.SearchStrategy[list[QueueEvent]]:
    """All that happens, in the order of time."""
    callers = st.lists(stays(), max_size=25, unique_by=lambda stay: stay[0].call)
    agents = st.lists(logons(), max_size=6, unique_by=lambda it: (it[0].account, it[0].queue, it[0].agent, it[0].at))
    together = st.tuples(callers, agents).map(lambda both: [it for some in [*both[0], *both[1]] for it in some])
    return together.map(lambda events: sorted(events, key=lambda it: it.at))


@dataclass
class Slowly:
    """What a patient person would find who goes through all events with a pencil."""

    calls: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENDS, 0))
    waits_answered: list[int] = field(default_factory=list)
    waits_unanswered: list[int] = field(default_factory=list)
    talks: list[int] = field(default_factory=list)
    missed: int = 0


def of_queue(events: Sequence[QueueEvent], account: int, queue: str, begin: int, end: int) -> Slowly:
    """The queue's callers who came in the period."""
    found = Slowly()
    for it in events:
        if (it.account, it.queue) != (account, queue) or not begin <= it.moment < end:
            continue
        if it.what == "joined":
            found.calls += 1
        elif it.what == "missed":
            found.missed += 1
        elif it.what == "talk_ended":
            found.talks.append(it.ms or 0)
        elif it.what in ENDS:
            found.outcomes[it.what] += 1
            waits = found.waits_answered if it.what in ("answered", "picked_up") else found.waits_unanswered
            waits.append(it.ms or 0)
    return found


def logged_on(events: Sequence[QueueEvent], account: int, agent: str, begin: int, end: int, now: int) -> int:
    """Milliseconds, counted by the second's thousandth but without doing so: intervals are joined one by one."""
    spans: list[tuple[int, int]] = []
    for it in events:
        if (it.account, it.agent, it.what) == (account, agent, "logged_on"):
            offs = [
                off.at
                for off in events
                if off.what == "logged_off"
                and (off.account, off.queue, off.agent, off.moment) == (*it[:2], agent, it.at)
            ]
            spans.append((it.at, offs[0] if offs else now))
    edges = sorted({begin, end, *(edge for span in spans for edge in span if begin < edge < end)})
    return sum(
        after - before
        for before, after in itertools.pairwise(edges)
        if any(first <= before and after <= last for first, last in spans)
    )
