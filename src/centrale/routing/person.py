"""What routing must know of the person who calls, beside the extension itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from centrale.routing.snapshot import E164, NOTHING


@dataclass(frozen=True, slots=True)
class Person:
    """A user's own settings that decide how calls leave (USR-1, CID-1, CID-6, EMG-3).

    The user kind makes one from its settings. Numbers are wishes: every rule checks that they are ours and active.
    """

    area_code: str | None = None
    default_caller_id: E164 | None = None
    further_caller_ids: Mapping[int, E164] = field(default_factory=lambda: NOTHING)
    """The number behind each code `#3n#`, by n; 1 is reserved for withholding."""
    emergency_caller_id: E164 | None = None


NOBODY = Person()
"""Nobody is logged on, or the user has set nothing."""
