"""Every system number that works, by code. `routing.system_numbers` reserves the codes; here is what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import MappingProxyType

from centrale.calls import Call
from centrale.services import (
    change_pin,
    log_off,
    log_on,
    number_plan,
    own_forwards,
    pickup,
    queue_log_off,
    queue_log_on,
    record_sound,
    voicemail,
    who_is_here,
)
from centrale.telephony.switch import Cause

Service = Callable[[Call], Awaitable[Cause]]
"""Serves the caller; gives the cause with which the call is released."""

ServiceAtOnce = Callable[[Call, str], Awaitable[Cause]]
"""The same, with what was dialled behind the number; empty when nothing was."""

SERVICES: MappingProxyType[str, Service] = MappingProxyType(
    {
        "900": who_is_here.serve,
        "901": log_on.serve,
        "902": log_off.serve,
        "903": queue_log_on.serve,
        "904": queue_log_off.serve,
        "905": record_sound.serve,
        "907": change_pin.serve,
        "910": own_forwards.serve,
        "915": number_plan.serve,
        "920": voicemail.serve_mailbox,
        "1233": voicemail.serve_own,
    }
)

WITH_ARGUMENT: MappingProxyType[str, ServiceAtOnce] = MappingProxyType({"908": pickup.serve})
"""Those that something may be dialled behind at once."""
