"""What a dry run found: the record that the call would leave, and what its caller went through."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.calls.record import CallRecord
from centrale.routing.snapshot import E164, ExtensionNumber


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`path`: the extensions that the call visited, and outside numbers that it was sent to, in order."""

    record: CallRecord
    path: tuple[ExtensionNumber | E164, ...] = ()
    rung: tuple[tuple[str, ...], ...] = ()
    """Who rang together, time after time: users by extension, others by their number outside."""
    heard: tuple[str, ...] = ()
    """All that was played or said to the caller, in order: words, or the names of sound files."""
    waits_for: str | None = None
    """The question at which the choices that were given ran out, in words; None when they sufficed."""
    messages_in: tuple[ExtensionNumber, ...] = ()
    """The mailboxes in which the caller left a message."""
