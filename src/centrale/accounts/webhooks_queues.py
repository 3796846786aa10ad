"""What happens in queues, as events for webhooks."""

from __future__ import annotations

from collections.abc import Mapping

from centrale.accounts.queue_figures import QueueEvent, moment_of
from centrale.accounts.webhooks_events import Event, EventType, QueueData
from centrale.queueing.happenings import What
from centrale.routing.snapshot import AccountId

_TYPES: Mapping[str, EventType] = {
    What.JOINED: EventType.QUEUE_CALLER_WAITING,
    What.ANSWERED: EventType.QUEUE_CALLER_ANSWERED,
    What.ABANDONED: EventType.QUEUE_CALLER_ABANDONED,
    What.BROKE_OUT: EventType.QUEUE_CALLER_LEFT,
    What.FORWARDED: EventType.QUEUE_CALLER_LEFT,
    What.PICKED_UP: EventType.QUEUE_CALLER_LEFT,
    What.REFUSED: EventType.QUEUE_CALLER_LEFT,
    What.LOGGED_ON: EventType.AGENT_LOGGED_ON,
    What.LOGGED_OFF: EventType.AGENT_LOGGED_OFF,
}


def queue_event(event: QueueEvent) -> Event | None:
    """None for what no webhook is told of."""
    type = _TYPES.get(event.what)
    if type is None:
        return None

    def data() -> QueueData:
        left = f"{event.what}: {event.detail}" if event.detail else str(event.what)
        return QueueData(
            queue=event.queue,
            call=event.call,
            agent=event.agent,
            seconds=None if event.ms is None else event.ms / 1000,
            detail=left if type is EventType.QUEUE_CALLER_LEFT else "",
        )

    return Event(AccountId(event.account), type, moment_of(event.at), data)
