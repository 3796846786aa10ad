"""Who is logged on to which queue (QUE-14..16): the storage side of 903 and 904.

Members whom an administrator chose stand in the queue's settings, by rank; a logon makes them active. In an open queue
others may log on too: they are members, ranked behind the chosen ones by the moment of logging on, until they log off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import or_, select

from centrale.accounts import logons
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.models import ExtensionRow, QueueLogonRow
from centrale.accounts.rows import remove
from centrale.accounts.unit import QueueLogonChange, Unit
from centrale.acd.picture import RING_ALL_MOST, Strategy
from centrale.calls.ports import QueueVerdict
from centrale.kinds.queue_settings import Access, Queue
from centrale.routing.snapshot import AccountId, ExtensionNumber

KIND = "queue"


class QueueMember(BaseModel):
    """An agent of a queue."""

    rank: int = Field(title="Rank", description="1 is the first.")
    agent: str = Field(title="Agent", description="A user, or a forward.")
    name: str = Field(title="Name")
    active: bool = Field(title="Logged on")
    since: datetime | None = Field(title="Logged on since")
    chosen: bool = Field(title="Chosen by an administrator", description="Otherwise a member until the next logoff.")


async def log_on(
    unit: Unit, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, since: datetime | None = None
) -> QueueVerdict:
    """Logs the agent on to the queue if its rules allow that; the verdict says."""
    await logons.lock(unit, account)
    settings = await _settings(unit, account, queue)
    if settings is None:
        return QueueVerdict.NO_QUEUE
    verdict = settings.may_log_on(agent, [ExtensionNumber(row.agent) for row in await _logons(unit, account, queue)])
    if verdict is QueueVerdict.LOGGED_ON:
        await _add(unit, account, queue, [agent], since)
    return verdict


async def log_off(unit: Unit, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber) -> QueueVerdict:
    """Logs the agent off."""
    await logons.lock(unit, account)
    if await _settings(unit, account, queue) is None:
        return QueueVerdict.NO_QUEUE
    here = [row for row in await _logons(unit, account, queue) if row.agent == agent]
    await _remove(unit, account, here)
    return QueueVerdict.LOGGED_OFF if here else QueueVerdict.NOT_LOGGED_ON


async def admit(unit: Unit, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber) -> QueueVerdict:
    """Logs an agent on, as an administrator does: `LOGGED_ON` or `ALREADY`.

    Raises `NotFound` for the queue and the agent, `Conflict` when the queue's rules forbid it.
    """
    kind = await _kind(unit, account, agent)
    if kind not in ("user", "forward"):
        raise NotFound("agent", agent)
    settings = await load(unit, account, queue)
    if kind != "user" and agent not in settings.agents:
        raise Conflict(f"{agent} is no member of queue {queue}", field="agent")
    match verdict := await log_on(unit, account, queue, agent):
        case QueueVerdict.MEMBERS_ONLY:
            raise Conflict(f"queue {queue} is closed and {agent} is no member", field="agent")
        case QueueVerdict.FULL:
            raise Conflict(f"queue {queue} rings all at once and has {RING_ALL_MOST} members", field="agent")
    return verdict


async def members(unit: Unit, account: AccountId, queue: ExtensionNumber) -> list[QueueMember]:
    """All members by rank: the chosen ones, then who logged on beside them. Raises `NotFound`."""
    settings = await load(unit, account, queue)
    since = {row.agent: row.since for row in await _logons(unit, account, queue)}
    chosen = settings.agents
    everybody = [*chosen, *(agent for agent in since if agent not in chosen)]
    query = select(ExtensionRow.number, ExtensionRow.name).where(ExtensionRow.account_id == account)
    found = await unit.session.execute(query.where(ExtensionRow.number.in_(everybody)))
    names = {number: name for number, name in found.tuples()}  # noqa: C416 - dict() of rows is not typed
    return [
        QueueMember(
            rank=rank,
            agent=agent,
            name=names.get(agent, ""),
            active=agent in since,
            since=since.get(agent),
            chosen=agent in chosen,
        )
        for rank, agent in enumerate(everybody, 1)
    ]


async def load(unit: Unit, account: AccountId, queue: ExtensionNumber) -> Queue:
    """The queue's settings; raises `NotFound`."""
    settings = await _settings(unit, account, queue)
    if settings is None:
        raise NotFound(KIND, queue)
    return settings


def arranged(
    unit: Unit,
    account: AccountId,
    kind: str,
    number: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> None:
    """An extension's settings were made or changed: of a queue, whoever was added is logged on, and whoever may not be
    there any more is logged off. At the end of the unit, when all agents are there."""
    if kind == KIND:
        known = {member["agent"] for member in (before or {}).get("members", ())}
        settings = Queue.model_validate(after)
        added = [agent for agent in settings.agents if agent not in known]
        dropped = frozenset(known - set(settings.agents))
        unit.at_the_end(account, partial(_arrange, ExtensionNumber(number), settings, added, dropped))


async def _arrange(
    queue: ExtensionNumber,
    settings: Queue,
    added: list[ExtensionNumber],
    dropped: frozenset[ExtensionNumber],
    unit: Unit,
    account: AccountId,
) -> None:
    if await _settings(unit, account, queue) is None:
        return
    there = await _logons(unit, account, queue)
    chosen = settings.agents
    gone = [row for row in there if row.agent in dropped]
    themselves = [row for row in there if row.agent not in chosen and row.agent not in dropped]
    if settings.access is Access.CLOSED:
        gone += themselves
    elif settings.strategy is Strategy.RING_ALL:
        gone += themselves[RING_ALL_MOST - len(chosen) :]  # the last who came
    fresh = [agent for agent in added if agent not in {row.agent for row in there}]
    if gone or fresh:
        await logons.lock(unit, account)
        await _remove(unit, account, gone)
        await _add(unit, account, queue, fresh, None)


async def clear(unit: Unit, account: AccountId, number: str) -> None:
    """An extension goes: nobody is logged on to it, and it is logged on to nothing."""
    query = select(QueueLogonRow).where(
        QueueLogonRow.account_id == account, or_(QueueLogonRow.queue == number, QueueLogonRow.agent == number)
    )
    rows = list(await unit.session.scalars(query))
    if rows:
        await logons.lock(unit, account)
        await _remove(unit, account, rows)


async def _settings(unit: Unit, account: AccountId, queue: ExtensionNumber) -> Queue | None:
    row = await unit.session.get(ExtensionRow, (account, queue))
    return Queue.model_validate(row.settings) if row is not None and row.kind == KIND else None


async def _kind(unit: Unit, account: AccountId, number: str) -> str | None:
    row = await unit.session.get(ExtensionRow, (account, number))
    return None if row is None else row.kind


async def _logons(unit: Unit, account: AccountId, queue: ExtensionNumber) -> list[QueueLogonRow]:
    query = select(QueueLogonRow).where(QueueLogonRow.account_id == account, QueueLogonRow.queue == queue)
    return list(await unit.session.scalars(query.order_by(QueueLogonRow.since, QueueLogonRow.agent)))


async def _add(
    unit: Unit, account: AccountId, queue: ExtensionNumber, agents: Iterable[ExtensionNumber], since: datetime | None
) -> None:
    moment = since or unit.clock.now()
    rows = [QueueLogonRow(account_id=account, queue=queue, agent=agent, since=moment) for agent in agents]
    unit.session.add_all(rows)
    await unit.session.flush()
    logons.note(unit, account, [QueueLogonChange(queue, ExtensionNumber(row.agent), moment) for row in rows])


async def _remove(unit: Unit, account: AccountId, rows: Iterable[QueueLogonRow]) -> None:
    for row in rows:
        await remove(unit, row)
        logons.note(unit, account, [QueueLogonChange(ExtensionNumber(row.queue), ExtensionNumber(row.agent), None)])
