"""A queue as the wallboard shows it, and which queues have to be looked at after a change of their account."""

from __future__ import annotations

from typing import Any

from centrale.accounts.queue_figures import QueueFigures
from centrale.acd.agent_state import AgentState
from centrale.kinds.queue_settings import Queue
from centrale.queueing.arrangement import KIND
from centrale.queueing.distribution import Distribution
from centrale.routing.snapshot import AccountSnapshot, ExtensionNumber


def state_of(
    account: AccountSnapshot,
    queue: ExtensionNumber,
    distribution: Distribution | None,
    figures: QueueFigures,
    within: int,
) -> dict[str, Any]:
    """The queue as `resources.wallboard.QueueOnBoard` shows it, as plain data.

    `figures`: of today. `within`: seconds; whoever is answered within them is in time.
    """
    extension, agents_on = account.extensions[queue], account.agents_on(queue)
    try:
        view = None if distribution is None else distribution.engine.queue(queue)
    except KeyError:
        view = None  # arranged a moment ago
    by_state = dict.fromkeys(_STATES, 0)
    if view is not None:
        by_state |= {state.value: count for state, count in view.by_state.items()}
    settings = extension.settings
    chosen = settings.agents if isinstance(settings, Queue) else []
    by_state[AgentState.LOGGED_OFF.value] = sum(agent not in agents_on for agent in chosen)
    in_time, over = figures.answered_after.within(within), figures.answered + figures.unanswered
    return {
        "queue": queue,
        "name": extension.name,
        "waiting": 0 if view is None else view.waiting,
        "waiting_since": None if view is None or view.oldest is None else view.oldest.isoformat("T", "milliseconds"),
        "agents": by_state,
        "calls": figures.calls,
        "answered": figures.answered,
        "abandoned": figures.abandoned,
        "answered_within": in_time,
        "service_level": in_time / over if over else None,
    }


_STATES = tuple(state.value for state in AgentState)


def queues(account: AccountSnapshot) -> list[ExtensionNumber]:
    """The account's queues, in order."""
    return sorted(account.by_kind[KIND])


def is_queue(account: AccountSnapshot, number: str) -> bool:
    """Is there such a queue?"""
    return number in account.by_kind[KIND]


def rearranged(before: AccountSnapshot | None, now: AccountSnapshot) -> set[ExtensionNumber]:
    """The queues that were arranged otherwise before: their settings, or who is logged on. In which states agents are
    is told as it happens (`queueing.happenings`)."""
    if before is None:
        return set(queues(now))
    found: set[ExtensionNumber] = set()
    was, are = before.by_kind[KIND], now.by_kind[KIND]
    if was is not are:
        found |= {queue for queue in {*was, *are} if was.get(queue) is not are.get(queue)}
    if before.queue_logons is not now.queue_logons:
        both = {*before.queue_logons, *now.queue_logons}
        found |= {queue for queue in both if before.agents_on(queue) is not now.agents_on(queue)}
    return found
