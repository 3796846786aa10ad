"""What a way of sending has in common with the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from centrale.accounts.notices import Taken

LONGEST_REASON = 400


class NotSent(Exception):
    """The notice was not accepted, for the reason that the text tells; a later try may succeed.

    `away`: it is the server that cannot be used, whatever the notice.
    """

    def __init__(self, reason: str, *, away: bool = False) -> None:
        super().__init__(reason)
        self.away = away


class Refused(Exception):
    """The notice will never be accepted as it is, for the reason that the text tells."""


Send = Callable[[Taken], Awaitable[None]]
"""Returns once the notice has been accepted. Raises NotSent, Refused."""


def reason(text: str) -> str:
    """What a server said, fit to be shown: one line, not too long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
