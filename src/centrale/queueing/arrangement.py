"""From the picture of an account to what the engine knows of it."""

from __future__ import annotations

from collections.abc import Iterator

from centrale.acd.events import Configured, Event, LoggedOff, LoggedOn, Reachable
from centrale.acd.picture import Picture
from centrale.routing.snapshot import AccountSnapshot, ExtensionNumber

KIND = "queue"


def picture(account: AccountSnapshot) -> Picture:
    """The queues with their settings and members."""
    queues = (extension for extension in account.extensions.values() if extension.kind == KIND)
    return Picture({queue.number: queue.settings.distribution(queue.number) for queue in queues})


def has_queues(account: AccountSnapshot) -> bool:
    """Is there anything to do for this account?"""
    return any(extension.kind == KIND for extension in account.extensions.values())


def agents(account: AccountSnapshot) -> set[ExtensionNumber]:
    """Everybody who is logged on to a queue."""
    return {agent for queue in account.queue_logons.values() for agent in queue}


def can_ring(account: AccountSnapshot, agent: ExtensionNumber) -> bool:
    """Has the agent a device (QUE-4)? A forward always has: an outside phone."""
    extension = account.extensions.get(agent)
    return extension is not None and (extension.kind != "user" or bool(account.devices_of(agent)))


def changes(old: AccountSnapshot | None, new: AccountSnapshot) -> Iterator[Event]:
    """What the engine has to be told after the account changed from `old` to `new`."""
    if old is None or old.extensions is not new.extensions:
        yield Configured(picture(new))
    if old is None or old.queue_logons is not new.queue_logons:
        yield from _logons(old, new)
    if old is None or old.queue_logons is not new.queue_logons or old.devices is not new.devices:
        known = agents(old) if old is not None else set()
        for agent in agents(new):
            reachable = can_ring(new, agent)
            if old is None or agent not in known or can_ring(old, agent) != reachable:
                yield Reachable(agent, reachable)


def _logons(old: AccountSnapshot | None, new: AccountSnapshot) -> Iterator[Event]:
    for queue in {**(old.queue_logons if old else {}), **new.queue_logons}:
        before = old.agents_on(queue) if old else {}
        now = new.agents_on(queue)
        if before is not now:
            for agent, since in before.items():
                if now.get(agent) != since:
                    yield LoggedOff(agent, queue)
            for agent, since in now.items():
                if before.get(agent) != since:
                    yield LoggedOn(agent, queue, since)
