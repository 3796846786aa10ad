"""The `webhooks` section of the API's description: what is posted to the addresses that accounts chose (API-1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from centrale.accounts.webhooks_events import DATA, TEST, VERSION, EventType

SUMMARIES: Mapping[str, str] = {
    EventType.CALL_STARTED: "A call began",
    EventType.CALL_ANSWERED: "A person answered a call",
    EventType.CALL_ENDED: "A call ended",
    EventType.VOICEMAIL_NEW: "Somebody left a message",
    EventType.QUEUE_CALLER_WAITING: "A caller waits in a queue",
    EventType.QUEUE_CALLER_ANSWERED: "An agent answered a caller",
    EventType.QUEUE_CALLER_ABANDONED: "A caller hung up while waiting",
    EventType.QUEUE_CALLER_LEFT: "A caller left a queue in another way",
    EventType.AGENT_LOGGED_ON: "An agent logged on to a queue",
    EventType.AGENT_LOGGED_OFF: "An agent logged off from a queue",
    EventType.USER_LOGGED_ON: "A user logged on to a phone",
    EventType.USER_LOGGED_OFF: "A user logged off from a phone",
    EventType.CHANNEL_REGISTERED: "A phone registered",
    EventType.CHANNEL_UNREGISTERED: "A phone is no longer registered",
    EventType.PLAN_CHANGED: "Another number plan is active",
    EventType.CONFIGURATION_CHANGED: "Somebody changed something",
    TEST: "Somebody wants to see whether this arrives",
}

ABOUT = """Posted to the account's webhooks that want it, as Standard Webhooks describes. Verify the signature, then
answer with any status of 200 to 299 within 10 seconds. The same event can come more than once, with the same
`webhook-id`, and events can come in another order than they happened in: `timestamp` says when that was."""

_HEADERS = {
    "webhook-id": "The event's id; the same at each try.",
    "webhook-timestamp": "When it was sent: seconds since 1970. Refuse what is older than five minutes.",
    "webhook-signature": "v1,BASE64 of the HMAC-SHA256 of “id.timestamp.body”; two of them, with a space between, for "
    "a day after a new secret was made.",
}

Schema = dict[str, Any]


def section(add: Callable[[str, type[BaseModel]], None], reference: str) -> Schema:
    """An operation for each type of event. `add` puts a model among the schemas, which are at `reference`."""
    for model in dict.fromkeys(DATA.values()):
        add(_name(model), model)
    return {str(type): {"post": _operation(str(type), reference + _name(model))} for type, model in DATA.items()}


def _name(model: type[BaseModel]) -> str:
    return f"Webhook{model.__name__}"


def _operation(type: str, data: str) -> Schema:
    return {
        "operationId": f"webhook_{type.replace('.', '_')}",
        "summary": SUMMARIES[type],
        "description": ABOUT,
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
            for name, about in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _event(type, data)}}},
        "responses": {
            "2XX": {"description": "It arrived."},
            "410": {"description": "There is nothing here any more: the webhook is paused."},
            "default": {"description": "It is tried again, for three days."},
        },
    }


def _event(type: str, data: str) -> Schema:
    properties = {
        "id": {"type": "string", "title": "Event's id"},
        "type": {"const": type, "title": "Type"},
        "version": {"const": VERSION, "title": "Version of what stands in data"},
        "timestamp": {"type": "string", "format": "date-time", "title": "When it happened"},
        "account": {"type": "integer", "title": "Account"},
        "data": {"$ref": data},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}
