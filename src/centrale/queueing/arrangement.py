"""From the picture of an account to what the engine knows of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from centrale.acd.events import Configured, Event, LoggedOff, LoggedOn, Reachable
from centrale.acd.picture import Picture
from centrale.routing.snapshot import AccountSnapshot, ChannelName, ExtensionNumber

KIND = "queue"
OUTSIDE_PHONE = "forward"

There = Callable[[ChannelName], bool]
"""Is a phone registered on the channel, for all we know?"""


def picture(account: AccountSnapshot) -> Picture:
    """The queues with their settings and members; how many calls the outside phones among these take."""
    return Picture(
        {number: queue.settings.distribution(number) for number, queue in account.by_kind[KIND].items()},
        {number: it.settings.call_limit for number, it in account.by_kind[OUTSIDE_PHONE].items()},
    )


def has_queues(account: AccountSnapshot) -> bool:
    """Is there anything to do for this account?"""
    return bool(account.by_kind[KIND])


def can_ring(account: AccountSnapshot, agent: ExtensionNumber, there: There) -> bool:
    """Has the agent a device that is there (QUE-4)? Of twinned ones any. A forward always has: an outside phone."""
    extension = account.extensions.get(agent)
    return extension is not None and (extension.kind != "user" or any(map(there, account.devices_of(agent))))


def phones_came_or_went(
    account: AccountSnapshot, channels: Collection[ChannelName] | None, there: There
) -> Iterator[Event]:
    """What the engine has to be told then. `channels`: None when it may be any."""
    if channels is None:
        agents = {agent for on_queue in account.queue_logons.values() for agent in on_queue}
    else:
        agents = {account.logons[channel] for channel in channels if channel in account.logons}
    yield from _reachable(account, agents, there)


def changes(old: AccountSnapshot | None, new: AccountSnapshot, there: There) -> Iterator[Event]:
    """What the engine has to be told after the account changed from `old` to `new`.

    Whatever is the same object in both is not looked at: a logon among ten thousand costs a look at its own queue, a
    changed user among them none at the queues.
    """
    if old is None or any(old.by_kind[kind] is not new.by_kind[kind] for kind in (KIND, OUTSIDE_PHONE)):
        yield Configured(picture(new))
    if old is None or old.queue_logons is not new.queue_logons:
        for queue in {**(old.queue_logons if old else {}), **new.queue_logons}:
            yield from _logons(queue, old.agents_on(queue) if old else {}, new, there)
    if old is not None and old.devices is not new.devices:
        yield from _reachable(new, {user for user, _ in old.devices.items() ^ new.devices.items()}, there)


def _reachable(account: AccountSnapshot, users: Collection[ExtensionNumber], there: There) -> Iterator[Event]:
    for agent in sorted(users):
        if any(agent in on_queue for on_queue in account.queue_logons.values()):
            yield Reachable(agent, can_ring(account, agent, there))


def _logons(
    queue: ExtensionNumber, before: Mapping[ExtensionNumber, datetime], account: AccountSnapshot, there: There
) -> Iterator[Event]:
    now = account.agents_on(queue)
    if before is now:
        return
    different = before.items() ^ now.items()
    if not different:
        return
    for agent, since in before.items():
        if (agent, since) in different:
            yield LoggedOff(agent, queue)
    for agent, since in now.items():
        if (agent, since) in different:
            yield Reachable(agent, can_ring(account, agent, there))
            yield LoggedOn(agent, queue, since)
