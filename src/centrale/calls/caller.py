"""Who calls, as far as the exchange knows and believes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from centrale.routing.callerid import Presented
from centrale.routing.phone_book import NO_NAMES, Names, named, named_for
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
    names: Names = NO_NAMES
    """What the account's contacts call an outside caller (ACC-7)."""

    def known_as(self, names: Names) -> Caller:
        """The same, with the name that the company's contacts have."""
        return replace(self, shown=named(self.shown, names), names=names)

    def shown_to(self, user: ExtensionNumber) -> Presented:
        """What the phones of `user` show, who was called in person: the name of their own contact, if it is one."""
        return named_for(self.shown, self.names, user)

    @property
    def inside(self) -> bool:
        """Is this one of the account's own phones?"""
        return self.channel is not None

    @property
    def number(self) -> str:
        """For the record: extension, E.164, else the channel; empty when withheld."""
        return self.shown.e164 or self.shown.number or self.channel or ""
