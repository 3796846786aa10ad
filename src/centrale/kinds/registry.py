"""Every extension kind, by name. A new kind is one file beside this one and one line here."""

from __future__ import annotations

from types import MappingProxyType

from centrale.kinds import announcement, group, user
from centrale.kinds.kind import Kind

KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (user.KIND, group.KIND, announcement.KIND)}
)
