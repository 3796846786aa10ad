"""Every system number that works, by code. `routing.system_numbers` reserves the codes; here is what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import MappingProxyType

from centrale.calls import Call
from centrale.services import log_off, log_on, who_is_here
from centrale.telephony.switch import Cause

Service = Callable[[Call], Awaitable[Cause]]
"""Serves the caller; gives the cause with which the call is released."""

SERVICES: MappingProxyType[str, Service] = MappingProxyType(
    {"900": who_is_here.serve, "901": log_on.serve, "902": log_off.serve}
)
