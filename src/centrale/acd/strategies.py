"""The eight strategies (QUE-19): a sort key each, where the round begins, and who of those available is next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import chain, islice
from random import Random
from typing import TYPE_CHECKING, Any

from centrale.acd.picture import RING_ALL_MOST, Strategy

if TYPE_CHECKING:
    from centrale.acd.state import Caller, Membership, Queue

Fits = Callable[["Membership"], bool]
"""Whether the agent may be offered a call of this queue now, of all queues that want them."""

_THROWS = 8
"""So often chance is asked for an agent before those who are left are counted out."""


def _by_rank(member: Membership) -> tuple[Any, ...]:
    return member.rank, member


def _by_idle_time(member: Membership) -> tuple[Any, ...]:
    return member.idle_since, member.rank, member


def _by_calls(member: Membership) -> tuple[Any, ...]:
    return member.answered, member.idle_since, member.rank, member


def _by_talk_time(member: Membership) -> tuple[Any, ...]:
    return member.talked, member.idle_since, member.rank, member


KEYS: dict[Strategy, Callable[[Membership], tuple[Any, ...]]] = {
    Strategy.LONGEST_IDLE: _by_idle_time,
    Strategy.FEWEST_CALLS: _by_calls,
    Strategy.RANDOM: _by_rank,
    Strategy.LINEAR: _by_rank,
    Strategy.LINEAR_REMEMBERING: _by_rank,
    Strategy.ROUND_ROBIN: _by_rank,
    Strategy.LEAST_TALK_TIME: _by_talk_time,
    Strategy.RING_ALL: _by_rank,
}
"""What the available agents are sorted by. A rank occurs once in a queue, so the membership itself is never compared;
a key stays what it is while the agent is available."""


def keys_in_order(queue: Queue) -> Iterator[tuple[Any, ...]]:
    """The available agents as the strategy would have them for a new caller. Chance has no order: those by rank."""
    agents = queue.available
    match queue.settings.strategy:
        case Strategy.LINEAR_REMEMBERING:
            start = bisect_left(agents, (queue.last_rank,))
        case Strategy.ROUND_ROBIN:
            start = bisect_right(agents, queue.last_rank, key=_rank)
        case _:
            start = 0
    return chain(islice(agents, start, None), islice(agents, start)) if start else iter(agents)


def next_agent(queue: Queue, caller: Caller, fits: Fits, dice: Random) -> Membership | None:
    """Who is offered the caller: the first in the order of the strategy who did not have their turn in this cycle.

    When everybody had it, the cycle begins anew (QUE-20): with the first but for the one who was tried last, who would
    otherwise be tried again before the others.
    """
    if queue.settings.strategy is Strategy.RANDOM:
        return _by_chance(queue, caller, fits, dice)
    again: Membership | None = None
    last: Membership | None = None
    for key in keys_in_order(queue):
        member: Membership = key[-1]
        agent = member.agent.id
        if agent in caller.tried:
            if again is None and fits(member):
                if agent == caller.last_tried:
                    last = member
                else:
                    again = member
        elif fits(member):
            return member
    caller.tried.clear()
    return again or last


def _by_chance(queue: Queue, caller: Caller, fits: Fits, dice: Random) -> Membership | None:
    agents, tried = queue.available, caller.tried
    for _ in range(_THROWS):
        member: Membership = agents[dice.randrange(len(agents))][-1]
        if member.agent.id not in tried and fits(member):
            return member
    fitting = [key[-1] for key in agents if fits(key[-1])]
    left = [member for member in fitting if member.agent.id not in tried]
    if not left:
        tried.clear()
        left = [member for member in fitting if member.agent.id != caller.last_tried] or fitting
    return dice.choice(left) if left else None


def next_agents(queue: Queue, caller: Caller, fits: Fits) -> list[Membership]:
    """Ring-all: who is rung for the caller besides those who ring already (QUE-18, QUE-19)."""
    most = RING_ALL_MOST - len(caller.offers)
    fresh = (key[-1] for key in queue.available if key[-1].agent.id not in caller.tried)
    found = list(islice(filter(fits, fresh), most))
    if not found and not caller.offers:
        caller.tried.clear()
        found = list(islice(filter(fits, (key[-1] for key in queue.available)), most))
    return found


def _rank(key: tuple[Any, ...]) -> int:
    rank: int = key[0]
    return rank
