"""What goes on in queues now, and why: callers in line, agents, what happened to each (QUE-30, QUE-21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from centrale.accounts.called import names_in
from centrale.accounts.errors import NotFound
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.acd.agent_state import AgentState
from centrale.acd.events import WrapUpEnded
from centrale.acd.picture import CallId
from centrale.api.access import OwnAccount, at_least
from centrale.api.resources.queues import Agent, QueueNumber
from centrale.api.speaking import Spoken
from centrale.api.steps import StepOut, in_words
from centrale.api.units import Read, Services
from centrale.queueing.distribution import Distribution
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.routing.trace import Step
from centrale.wording import Language

router = APIRouter(prefix="/accounts/{account}/queues/{queue}", tags=["queues"])

Caller = Annotated[str, Path(max_length=64, title="Call id")]


class InLine(BaseModel):
    """A caller who waits."""

    call: str = Field(title="Call id")
    position: int = Field(title="Position", description="1 is next.")
    since: datetime = Field(title="Waits since")
    held: bool = Field(title="Held", description="Hears something that nothing may interrupt; is offered to nobody.")
    ringing: list[str] = Field(title="Offered to", description="Agents whose phones ring.")


class AtWork(BaseModel):
    """An agent who is logged on. What is counted, is counted since logon (QUE-19)."""

    agent: str = Field(title="Agent")
    state: AgentState = Field(title="State")
    since: datetime = Field(title="Logged on since")
    last_offered: datetime | None = Field(title="Last offered a call of this queue")
    answered: int = Field(title="Calls answered")
    talked: float = Field(title="Talk time (seconds)")


class QueueNow(BaseModel):
    """A queue at this moment."""

    expected_wait: float = Field(title="Expected wait (seconds)", description="As callers are told (QUE-10).")
    waiting: list[InLine] = Field(title="Callers in line")
    agents: list[AtWork] = Field(title="Agents logged on", description="By rank.")
    next: StepOut = Field(title="Whom a caller would be offered to who came now, and why")


@router.get("/now", openapi_extra=at_least(Role.SUPERVISOR), summary="What goes on in a queue")
async def get_queue_now(
    services: Services, unit: Read, account: OwnAccount, queue: QueueNumber, language: Spoken
) -> QueueNow:
    """Callers in their order, agents by rank, and the decision for the next caller."""
    floor, number = _floor(services.queues.known(account), queue), ExtensionNumber(queue)
    engine, decision = floor.engine, floor.engine.explain(number)
    step = Step(services.clock.now(), decision.rule, decision.outcome, decision.facts, decision.rejected)
    name_of = await names_in(unit, account, str(step))
    return QueueNow(
        expected_wait=engine.expected_wait(number),
        waiting=[
            InLine(call=it.call, position=it.position, since=it.since, held=it.held, ringing=list(it.ringing))
            for it in engine.waiting(number)
        ],
        agents=[AtWork.model_validate(it, from_attributes=True) for it in engine.agents(number)],
        next=in_words(step, language, name_of),
    )


@router.get("/members/{agent}/history", openapi_extra=at_least(Role.SUPERVISOR), summary="What happened to an agent")
async def get_agent_history(
    services: Services, unit: Read, account: OwnAccount, queue: QueueNumber, agent: Agent, language: Spoken
) -> list[StepOut]:
    """The last offers, answers, talks and logons in queues of this account, oldest first. Forgotten by a restart."""
    floor = _floor(services.queues.known(account), queue)
    return await _told(unit, account, floor.engine.history_of_agent(ExtensionNumber(agent)), language)


@router.get("/callers/{call}/history", openapi_extra=at_least(Role.SUPERVISOR), summary="What happened to a caller")
async def get_caller_history(
    services: Services, unit: Read, account: OwnAccount, queue: QueueNumber, call: Caller, language: Spoken
) -> list[StepOut]:
    """In queues of this account, oldest first; also for a while after they left. The call's record has it for good."""
    floor = _floor(services.queues.known(account), queue)
    return await _told(unit, account, floor.engine.history_of_caller(CallId(call)), language)


async def _told(unit: Unit, account: AccountId, steps: Sequence[Step], language: Language) -> list[StepOut]:
    name_of = await names_in(unit, account, str(steps))
    return [in_words(it, language, name_of) for it in steps]


@router.delete(
    "/members/{agent}/wrap-up",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=at_least(Role.SUPERVISOR),
    summary="End an agent's wrap-up",
)
async def end_wrap_up(services: Services, account: OwnAccount, queue: QueueNumber, agent: Agent) -> None:
    """The agent is ready before the time, in all queues (QUE-21). Not in wrap-up: nothing happens."""
    _floor(services.queues.known(account), queue).tell(WrapUpEnded(ExtensionNumber(agent)))


def _floor(found: Distribution | None, queue: str) -> Distribution:
    """Raises `NotFound` for what is no queue of the account."""
    if found is None or not found.has(ExtensionNumber(queue)):
        raise NotFound("queue", queue)
    return found
