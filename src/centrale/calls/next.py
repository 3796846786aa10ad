"""Where a call goes when a kind has done its part."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.telephony.switch import Cause


@dataclass(frozen=True, slots=True)
class GoTo:
    """On to `destination`: an extension of the account, or an outside number (E.164).

    `prefix` is put before the caller's name on the display (CID-2).
    """

    destination: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The call ends here; whoever is still connected is released with `cause`."""

    cause: Cause | None = None


Next = GoTo | Done
