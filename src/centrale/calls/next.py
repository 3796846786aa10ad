"""Where a call goes when a kind has done its part."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.routing.snapshot import ExtensionNumber
from centrale.telephony.switch import Cause


@dataclass(frozen=True, slots=True)
class GoTo:
    """On to `destination`, an extension of the account.

    `prefix` is put before the caller's name on the display (CID-2).
    """

    destination: ExtensionNumber
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The call ends here; whoever is still connected is released with `cause`."""

    cause: Cause = Cause.NORMAL


Next = GoTo | Done
