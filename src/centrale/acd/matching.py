"""Who is offered whom, when callers became ready or agents available.

After each event every caller that can be offered, is (QUE-6). So the next event can only make a match where it changed
something: in the queue in which a caller became ready, or in the queues of the agent who became available. That is why
the size of the account does not matter.

The rule, of which everything below is the quick way:

1. Each available agent looks at the first ready caller of each of their queues, and prefers the one of an emergency
   queue (QUE-3), then the one of the queue with the highest weight, then the one who waits longest (QUE-7).
2. Of all these, the caller that goes first by the same order is offered. The strategy of the queue chooses among the
   agents who prefer this caller (QUE-19).
3. Again from 1, until no available agent finds a caller.
"""

from __future__ import annotations

from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import islice

from centrale.acd.floor import Floor
from centrale.acd.picture import RING_ALL_MOST, AgentId
from centrale.acd.state import Agent, Caller, Membership, Queue
from centrale.acd.strategies import Fits, keys_in_order, next_agent, next_agents
from centrale.acd.why import MOST_NAMED, Why

Urgency = tuple[bool, int, datetime, int]
"""Of a caller for an agent; the smallest goes first."""
_NOBODY: frozenset[AgentId] = frozenset()


def match(floor: Floor) -> None:
    """Make all offers that can be made."""
    while floor.freed or floor.look_at:
        work = _where_something_may_be(floor)
        floor.freed.clear()
        floor.look_at.clear()
        if len(work) == 1:
            while _serve(floor, work[0]):
                pass
        elif work:
            _match_between(floor, work)


def _where_something_may_be(floor: Floor) -> list[Queue]:
    queues = {queue: None for queue in floor.look_at if queue.ready and queue.available}
    for agent in floor.freed:
        for member in agent.logons.values():
            if member.key is not None and member.queue.ready:
                queues[member.queue] = None
    return list(queues)


def _match_between(floor: Floor, work: list[Queue]) -> None:
    """Several queues with callers: each agent has a preference."""
    agents: dict[Agent, None] = {}
    for queue in work:
        for key in queue.available:
            agents[key[-1].agent] = None
    wishes: list[tuple[Urgency, int, Agent]] = []
    for number, agent in enumerate(agents):
        if (wish := preferred(agent)) is not None:
            wishes.append((wish[0], number, agent))
    heapify(wishes)
    while wishes:
        urgency, number, agent = heappop(wishes)
        wish = preferred(agent)
        if wish is None:
            continue
        if wish[0] == urgency:
            _serve(floor, wish[1], lambda member, queue=wish[1]: prefers(member, queue))  # type: ignore[misc]
            wish = preferred(agent)
        # Callers only become fewer: a wish that was noted can have become less urgent, never more.
        if wish is not None:
            heappush(wishes, (wish[0], number, agent))


def preferred(agent: Agent) -> tuple[Urgency, Queue] | None:
    """The queue whose first caller goes first for this agent; None without a caller, or when the agent has no time."""
    best: tuple[Urgency, Queue] | None = None
    for member in agent.logons.values():
        if member.key is None or (caller := first_caller(member)) is None:
            continue
        settings = member.queue.settings
        urgency = not settings.emergency, -member.weight, caller.joined, caller.number
        if best is None or urgency < best[0]:
            best = urgency, member.queue
    return best


def prefers(member: Membership, queue: Queue) -> bool:
    wish = preferred(member.agent)
    return wish is not None and wish[1] is queue


def first_caller(member: Membership) -> Caller | None:
    """Whom the queue would offer this agent now. Ring-all: its first caller, unless the agent has just had them."""
    queue = member.queue
    if not queue.ready:
        return None
    caller = queue.ready[0][2]
    if caller.offers and (member.agent.id in caller.tried or len(caller.offers) >= RING_ALL_MOST):
        return None
    return caller


def _anybody(member: Membership) -> bool:
    return True


def _serve(floor: Floor, queue: Queue, fits: Fits = _anybody) -> bool:
    """Offer the first caller of the queue. False when there is none, or nobody for them."""
    if not queue.ready or not queue.available:
        return False
    caller = queue.ready[0][2]
    had = bool(caller.tried)
    if queue.rings_all:
        agents = next_agents(queue, caller, fits)
    else:
        agent = next_agent(queue, caller, fits, floor.dice)
        agents = [] if agent is None else [agent]
    if not agents:
        return False
    again = had and not caller.tried
    why = reasons(floor, queue, caller, agents, again=again, contested=fits is not _anybody)
    for agent in agents:
        floor.offer(caller, agent, why)
    return True


def reasons(
    floor: Floor,
    queue: Queue,
    caller: Caller | None,
    chosen: list[Membership],
    *,
    again: bool = False,
    contested: bool = False,
) -> Why:
    """What was weighed, before anything is changed by the decision. `contested`: other queues have callers, too."""
    settings = queue.settings
    candidates = tuple(islice(keys_in_order(queue), MOST_NAMED))
    elsewhere = {}
    if contested:
        for key in candidates:
            if key[-1] not in chosen and (wish := preferred(key[-1].agent)) and wish[1] is not queue:
                elsewhere[key[-1].agent.id] = wish[1].settings.queue
    unavailable = islice(queue.unavailable.values(), MOST_NAMED)
    return Why(
        settings.queue,
        settings.strategy,
        settings.emergency,
        chosen[0].weight if chosen else settings.weight,
        0.0 if caller is None else floor.waited(caller),
        again,
        tuple([member.agent.id for member in chosen]),
        candidates,
        len(queue.available),
        frozenset(caller.tried) if caller is not None and caller.tried else _NOBODY,
        elsewhere,
        tuple([(member.agent.id, member.agent.state) for member in unavailable]),
        len(queue.unavailable),
    )
