"""Logging on to a queue in a picture of an account that nobody stores: for dry runs and stories in virtual time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from centrale.calls.ports import QueueVerdict
from centrale.kinds.queue_settings import Queue
from centrale.routing.snapshot import AccountSnapshot, ExtensionNumber


def logged_on(
    account: AccountSnapshot, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
) -> tuple[QueueVerdict, AccountSnapshot]:
    """What becomes of the wish, and the account after it."""
    extension = account.extensions.get(queue)
    if extension is None or not isinstance(extension.settings, Queue):
        return QueueVerdict.NO_QUEUE, account
    verdict = extension.settings.may_log_on(agent, account.agents_on(queue))
    if verdict is not QueueVerdict.LOGGED_ON:
        return verdict, account
    return verdict, _with(account, queue, {**account.agents_on(queue), agent: now})


def logged_off(
    account: AccountSnapshot, queue: ExtensionNumber, agent: ExtensionNumber
) -> tuple[QueueVerdict, AccountSnapshot]:
    """The same for logging off."""
    extension = account.extensions.get(queue)
    if extension is None or not isinstance(extension.settings, Queue):
        return QueueVerdict.NO_QUEUE, account
    there = account.agents_on(queue)
    if agent not in there:
        return QueueVerdict.NOT_LOGGED_ON, account
    staying = {who: since for who, since in there.items() if who != agent}
    return QueueVerdict.LOGGED_OFF, _with(account, queue, staying)


def _with(account: AccountSnapshot, queue: ExtensionNumber, agents: dict[ExtensionNumber, datetime]) -> AccountSnapshot:
    return replace(account, queue_logons=MappingProxyType({**account.queue_logons, queue: MappingProxyType(agents)}))
