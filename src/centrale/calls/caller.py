"""Who calls, as far as the exchange knows and believes."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.routing.snapshot import ChannelName, ExtensionNumber


@dataclass(frozen=True, slots=True)
class Caller:
    """An inside caller has `channel`, and `user` when somebody is logged on there; an outside one has `trunk`.

    `number`: extension, or E.164 where that could be made out, else what the trunk said. `name`: the user's name from
    our own records for inside callers, whatever the phone claims.
    """

    number: str
    name: str = ""
    withheld: bool = False
    channel: ChannelName | None = None
    user: ExtensionNumber | None = None
    trunk: str | None = None
    diverted_from: str | None = None

    @property
    def inside(self) -> bool:
        """Is this one of the account's own phones?"""
        return self.channel is not None
