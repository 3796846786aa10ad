"""Who makes the call that is tried: a phone of the account, or somebody outside."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.accounts.errors import Invalid
from centrale.routing.e164 import readings
from centrale.routing.numbering import ToOutside, understand
from centrale.routing.snapshot import (
    E164,
    AccountSnapshot,
    ChannelName,
    ExtensionNumber,
    PlatformSnapshot,
    Trunk,
)

ANONYMOUS = "anonymous"
"""Stands for an outside caller who withholds the number."""


@dataclass(frozen=True, slots=True)
class AtPhone:
    """A phone of the account dials."""

    channel: ChannelName


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody calls in through `trunk`; without a number when it is withheld."""

    trunk: Trunk
    number: E164 | None


def find_caller(platform: PlatformSnapshot, account: AccountSnapshot, caller: str, called: str) -> AtPhone | Outside:
    """Whom `caller` stands for. Raises `Invalid`, naming `caller` or `called`, when this call cannot be made.

    A channel of another account is as unknown as one that does not exist (ACC-1).
    """
    if caller in account.channels:
        return AtPhone(ChannelName(caller))
    if caller in account.extensions:
        return _user(account, ExtensionNumber(caller))
    number = None
    if caller != ANONYMOUS:
        means = understand(caller, account, account.area_code)
        if not isinstance(means, ToOutside):
            raise Invalid.field(
                "caller", f"{caller} is no channel, no extension and no telephone number of account {account.number}"
            )
        number = means.e164
    return Outside(_trunk(platform, account, called), number)


def outside_number(account: AccountSnapshot, caller: str) -> E164 | None:
    """The number of a caller from outside; None for everybody else, and who cannot call at all."""
    if caller == ANONYMOUS or caller in account.channels or caller in account.extensions:
        return None
    means = understand(caller, account, account.area_code)
    return means.e164 if isinstance(means, ToOutside) else None


def _user(account: AccountSnapshot, number: ExtensionNumber) -> AtPhone:
    extension = account.extensions[number]
    if extension.kind != "user":
        raise Invalid.field("caller", f"{number} {extension.name} is a {extension.kind}; only a user can call")
    devices = account.devices_of(number)
    if not devices:
        raise Invalid.field(
            "caller", f"{number} {extension.name} is not logged on to any phone; name a channel to call from"
        )
    return AtPhone(devices[0])


def _trunk(platform: PlatformSnapshot, account: AccountSnapshot, called: str) -> Trunk:
    """By which trunk a call from outside comes in: the account's first, else any. The number must be the account's."""
    trunks = (*account.trunks, *platform.trunks.values())
    if not trunks:
        raise Invalid.field("caller", "there is no trunk by which a call from outside could come in")
    trunk = trunks[0]
    owner = next(
        (owner for number in readings(called, trunk.country) if (owner := platform.owner_of_number(number))), None
    )
    if owner is None or owner.id != account.id:
        raise Invalid.field(
            "called",
            f"{called} is no telephone number of account {account.number}; from outside only those are dialled",
        )
    return trunk
