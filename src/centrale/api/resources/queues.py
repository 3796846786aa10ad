"""The members of queues: who they are, who is logged on, and logging them on and off (QUE-14..16)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from centrale.accounts import queues
from centrale.accounts.queues import QueueMember
from centrale.accounts.roles import Role
from centrale.api.access import OwnAccount, at_least
from centrale.api.pages import Page, Paged
from centrale.api.units import Change, Read
from centrale.calls.ports import QueueVerdict
from centrale.routing.snapshot import ExtensionNumber

router = APIRouter(prefix="/accounts/{account}/queues/{queue}/members", tags=["queues"])

QueueNumber = Annotated[str, Path(pattern="^[0-9]{2,5}$", title="Extension number of the queue")]
Agent = Annotated[str, Path(pattern="^[0-9]{2,5}$", title="A user, or a forward")]


@router.get("", openapi_extra=at_least(Role.SUPERVISOR), summary="List the members of a queue")
async def list_queue_members(unit: Read, account: OwnAccount, queue: QueueNumber, paging: Paged) -> Page[QueueMember]:
    """By rank; who logged on without being chosen by an administrator comes last. Who is chosen, in which order and
    with which settings of their own stands in the settings of the queue's extension."""
    found = await queues.members(unit, account, ExtensionNumber(queue))
    return paging.cut(found, lambda member: f"{member.rank:06}")


@router.put("/{agent}", openapi_extra=at_least(Role.SUPERVISOR), summary="Log an agent on to a queue")
async def log_on_to_queue(unit: Change, account: OwnAccount, queue: QueueNumber, agent: Agent) -> QueueMember:
    """As 903 does by telephone. 409 when the queue is closed and the agent no member of it (QUE-15), and when it rings
    all at once and has its 15 members (QUE-18)."""
    number, who = ExtensionNumber(queue), ExtensionNumber(agent)
    verdict = await queues.admit(unit, account, number, who)
    if verdict is QueueVerdict.LOGGED_ON:
        await unit.audit(account, "log on", "queue member", f"{queue}/{agent}")
    return next(member for member in await queues.members(unit, account, number) if member.agent == who)


@router.delete(
    "/{agent}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=at_least(Role.SUPERVISOR),
    summary="Log an agent off from a queue",
)
async def log_off_from_queue(unit: Change, account: OwnAccount, queue: QueueNumber, agent: Agent) -> None:
    """As 904 does by telephone. Not logged on: nothing happens."""
    number, who = ExtensionNumber(queue), ExtensionNumber(agent)
    await queues.load(unit, account, number)
    if await queues.log_off(unit, account, number, who) is QueueVerdict.LOGGED_OFF:
        await unit.audit(account, "log off", "queue member", f"{queue}/{agent}")
