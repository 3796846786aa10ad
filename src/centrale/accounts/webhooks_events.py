"""What webhooks tell of: the types of events, and what stands in each (API-1).

The models are the contract with programs outside: a field may be added; one that changes its meaning, or goes, makes
another `VERSION`. The API's description shows them in its `webhooks` section.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BaseModel, BeforeValidator, Field

from centrale.routing.snapshot import AccountId

VERSION = 1

LARGEST_CHANGE = 64 * 1024
"""Characters of a change's before and after: whoever wants to see a whole number plan of 20,000 numbers asks for it."""


class EventType(StrEnum):
    """What an event is about. The values are written into settings and into what is sent: they stay."""

    CALL_STARTED = "call.started"
    CALL_ANSWERED = "call.answered"
    CALL_ENDED = "call.ended"
    VOICEMAIL_NEW = "voicemail.new"
    QUEUE_CALLER_WAITING = "queue.caller_waiting"
    QUEUE_CALLER_ANSWERED = "queue.caller_answered"
    QUEUE_CALLER_ABANDONED = "queue.caller_abandoned"
    QUEUE_CALLER_LEFT = "queue.caller_left"
    AGENT_LOGGED_ON = "agent.logged_on"
    AGENT_LOGGED_OFF = "agent.logged_off"
    USER_LOGGED_ON = "user.logged_on"
    USER_LOGGED_OFF = "user.logged_off"
    CHANNEL_REGISTERED = "channel.registered"
    CHANNEL_UNREGISTERED = "channel.unregistered"
    PLAN_CHANGED = "plan.changed"
    CONFIGURATION_CHANGED = "configuration.changed"


TEST = "webhook.test"
"""Sent when an administrator asks for it, whatever was chosen."""


def _readable(text: Any) -> Any:
    """A hostile phone may send half a character in its name; JSON in UTF-8 cannot hold one."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


Said = Annotated[str, BeforeValidator(_readable)]


class CallData(BaseModel):
    """A call as it is then; its record has the same id."""

    id: str = Field(title="Call id")
    direction: str = Field(title="Direction", description="inside, inbound or outbound.")
    caller: Said = Field(title="Caller", description="An extension, or a number in E.164.")
    caller_name: Said = Field(title="Caller's name")
    called: Said = Field(title="Called", description="As caller.")
    channel: Said | None = Field(title="From channel")
    trunk: Said | None = Field(title="Through trunk")
    started: datetime = Field(title="Started")
    answered: datetime | None = Field(title="Answered by a person")
    answered_by: Said | None = Field(title="Answered by")
    ended: datetime | None = Field(title="Ended")
    outcome: str | None = Field(title="Outcome", description="Of a call that has ended.")
    cause: Said | None = Field(title="Cause", description="Of a call that has ended.")
    ended_by: Said | None = Field(title="Ended by", description="caller, called or exchange.")
    talked: float = Field(title="Talked", description="Seconds.")

    @classmethod
    def of(cls, record: Any, *, ended: bool) -> CallData:
        """Of a `calls.record.CallRecord`, or of a stored `records.Record`: they name things alike."""
        talked = (record.ended - record.answered).total_seconds() if ended and record.answered else 0.0
        over = {name: getattr(record, name) if ended else None for name in ("ended", "outcome", "cause", "ended_by")}
        fields = ("id", "direction", "caller", "caller_name", "called", "channel", "trunk", "started")
        same = {name: getattr(record, name) for name in fields}
        return cls(**same, **over, answered=record.answered, answered_by=record.answered_by, talked=max(0.0, talked))


class VoicemailData(BaseModel):
    """A message that somebody has left."""

    id: str = Field(title="Message's id", description="Its sound: /accounts/{account}/messages/{id}/audio.")
    mailbox: str = Field(title="Mailbox", description="Its extension.")
    left_at: datetime = Field(title="Left at")
    seconds: float = Field(title="Seconds")
    caller: Said = Field(title="Caller")
    caller_name: Said = Field(title="Caller's name")
    call: str = Field(title="Call id")


class QueueData(BaseModel):
    """A caller in a queue, or an agent who logs on to it or off."""

    queue: str = Field(title="Queue")
    call: str | None = Field(title="Call id", description="Of a caller.")
    agent: str | None = Field(title="Agent")
    seconds: float | None = Field(title="Seconds", description="That the caller waited, or the agent was logged on.")
    detail: str = Field(title="How", description="Of who left: forwarded, broke_out, picked_up or refused, and why.")


class UserData(BaseModel):
    """A user at a phone."""

    user: str = Field(title="User")
    channel: str = Field(title="Channel")


class ChannelData(BaseModel):
    """A phone that is there, or no longer."""

    channel: str = Field(title="Channel")


class PlanData(BaseModel):
    """Another plan of a schema is active: by the clock, or chosen by hand."""

    schema_number: int = Field(title="Schema's number")
    schema_name: str = Field(title="Schema")
    plan: int | None = Field(title="Plan's number", description="None: no plan is active.")
    plan_name: str | None = Field(title="Plan")
    chosen_by: str = Field(
        title="Chosen by", description="manual override, temporary override, holiday, weekly schedule or standing plan."
    )


class ChangeData(BaseModel):
    """An entry of the audit (ACC-8)."""

    id: int = Field(title="Entry's id")
    actor: Said = Field(title="Who")
    action: str = Field(title="What was done", description="create, change, delete, undo or break.")
    object_type: str = Field(title="To what")
    object_key: Said = Field(title="Which one")
    before: dict[str, Any] | None = Field(title="Before", description="None as well when it is too large to be sent.")
    after: dict[str, Any] | None = Field(title="After", description="As before.")


class TrialData(BaseModel):
    """Nothing happened: somebody wants to see whether this arrives."""

    actor: Said = Field(title="Who asked for it")


DATA: Mapping[str, type[BaseModel]] = {
    EventType.CALL_STARTED: CallData,
    EventType.CALL_ANSWERED: CallData,
    EventType.CALL_ENDED: CallData,
    EventType.VOICEMAIL_NEW: VoicemailData,
    EventType.QUEUE_CALLER_WAITING: QueueData,
    EventType.QUEUE_CALLER_ANSWERED: QueueData,
    EventType.QUEUE_CALLER_ABANDONED: QueueData,
    EventType.QUEUE_CALLER_LEFT: QueueData,
    EventType.AGENT_LOGGED_ON: QueueData,
    EventType.AGENT_LOGGED_OFF: QueueData,
    EventType.USER_LOGGED_ON: UserData,
    EventType.USER_LOGGED_OFF: UserData,
    EventType.CHANNEL_REGISTERED: ChannelData,
    EventType.CHANNEL_UNREGISTERED: ChannelData,
    EventType.PLAN_CHANGED: PlanData,
    EventType.CONFIGURATION_CHANGED: ChangeData,
    TEST: TrialData,
}
"""What `data` holds, by type."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `data` is made only when somebody wants to be told."""

    account: AccountId
    type: str
    at: datetime
    data: Callable[[], BaseModel]
    key: str = field(default_factory=lambda: uuid4().hex)
    """The same for the same happening, whoever tells of it."""


def call_event(type: EventType, record: Any) -> Event:
    """Of a call's record, live or stored; told twice it is stored once."""
    at = {
        EventType.CALL_STARTED: record.started,
        EventType.CALL_ANSWERED: record.answered,
        EventType.CALL_ENDED: record.ended,
    }[type]
    ended = type is EventType.CALL_ENDED
    return Event(AccountId(record.account), type, at, lambda: CallData.of(record, ended=ended), f"{type}:{record.id}")


def call_events(record: Any) -> list[Event]:
    """All that there is to tell of a call that has ended, also what a crash may have kept from being told before."""
    answered = [call_event(EventType.CALL_ANSWERED, record)] if record.answered is not None else []
    return [call_event(EventType.CALL_STARTED, record), *answered, call_event(EventType.CALL_ENDED, record)]


def voicemail_event(account: AccountId, message: Any) -> Event:
    """Of a new `messages.Message`."""
    fields = ("id", "mailbox", "left_at", "seconds", "caller", "caller_name")

    def data() -> VoicemailData:
        return VoicemailData(call=message.call_id, **{name: getattr(message, name) for name in fields})

    return Event(account, EventType.VOICEMAIL_NEW, message.left_at, data, f"{EventType.VOICEMAIL_NEW}:{message.id}")


def logon_event(account: AccountId, at: datetime, user: str, channel: str, *, on: bool) -> Event:
    """A user is at a phone, or no longer."""
    type = EventType.USER_LOGGED_ON if on else EventType.USER_LOGGED_OFF
    return Event(account, type, at, lambda: UserData(user=user, channel=channel))


def small_enough(change: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a change says of a thing, unless it is too large to be sent."""
    return None if change is None or len(str(change)) > LARGEST_CHANGE else dict(change)
