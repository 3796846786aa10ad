"""Whose number an outside destination is shown, as several kinds let one choose (CID-3, LIM-2, FWD-1)."""

from __future__ import annotations

from enum import StrEnum

from centrale.routing.callerid import ForwardShows


class ShownNumber(StrEnum):
    """The choices; `OWN` goes with a number of the account."""

    CALLER = "caller"
    CALLED = "called"
    OWN = "own"


def shows(choice: ShownNumber) -> ForwardShows:
    """The same in the words of routing."""
    return {
        ShownNumber.CALLER: ForwardShows.CALLER,
        ShownNumber.CALLED: ForwardShows.CALLED,
        ShownNumber.OWN: ForwardShows.USER,
    }[choice]
