"""Every extension kind, by name. A new kind is one file beside this one and one line here."""

from __future__ import annotations

from types import MappingProxyType

from centrale.kinds import (
    announcement,
    authentication,
    call_limit,
    dial_by_extension,
    forward,
    group,
    location_routing,
    mailbox,
    menu,
    queue,
    system_extension,
    time_routing,
    user,
)
from centrale.kinds.kind import Kind

_KINDS = (
    user.KIND,
    group.KIND,
    menu.KIND,
    announcement.KIND,
    authentication.KIND,
    location_routing.KIND,
    time_routing.KIND,
    call_limit.KIND,
    forward.KIND,
    mailbox.KIND,
    dial_by_extension.KIND,
    queue.KIND,
    system_extension.KIND,
)

KINDS: MappingProxyType[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
