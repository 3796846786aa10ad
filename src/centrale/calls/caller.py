"""Who calls, as far as the exchange knows and believes."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.routing.callerid import Presented
from centrale.routing.snapshot import ChannelName, ExtensionNumber


@dataclass(frozen=True, slots=True)
class Caller:
    """An inside caller has `channel`, and `user` when somebody is logged on there; an outside one has `trunk`.

    `shown`: what an inside phone shows of the caller; from our own records for inside callers, whatever the phone
    claims of itself.
    """

    shown: Presented
    channel: ChannelName | None = None
    user: ExtensionNumber | None = None
    trunk: str | None = None
    trusted: bool = False
    """At a device that voicemail trusts (USR-4): the desktop client, the mobile client in a trusted network. No SIP
    device is."""

    @property
    def inside(self) -> bool:
        """Is this one of the account's own phones?"""
        return self.channel is not None

    @property
    def number(self) -> str:
        """For the record: extension, E.164, else the channel; empty when withheld."""
        return self.shown.e164 or self.shown.number or self.channel or ""
