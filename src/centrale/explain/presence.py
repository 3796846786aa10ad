"""An account as if everybody had come to work: what an arrangement does must not depend on who is logged on now."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from centrale.routing.snapshot import (
    AccountSnapshot,
    Channel,
    ChannelName,
    ExtensionNumber,
    PlatformSnapshot,
    devices_by_user,
)


def with_everybody_there(platform: PlatformSnapshot, account: AccountSnapshot) -> PlatformSnapshot:
    """The platform with each user of `account` logged on to one phone and to no other, but for linked ones (LNK-1),
    whose phones are part of the arrangement. All other logons are taken back."""
    channels = dict(account.channels)
    logons = {channel.name: channel.linked_to for channel in channels.values() if channel.linked_to is not None}
    linked = set(logons.values())
    for number, extension in account.extensions.items():
        if extension.kind == "user" and number not in linked:
            phone = Channel(phone_of(number))
            channels[phone.name] = phone
            logons[phone.name] = number
    present = replace(
        account,
        channels=MappingProxyType(channels),
        logons=MappingProxyType(logons),
        devices=MappingProxyType(devices_by_user(logons)),
    )
    return replace(
        platform,
        accounts=MappingProxyType({**platform.accounts, account.id: present}),
        account_of_channel=MappingProxyType({**platform.account_of_channel, **dict.fromkeys(channels, account.id)}),
    )


def phone_of(user: ExtensionNumber) -> ChannelName:
    """The name of a phone that is only assumed: no channel can be called so."""
    return ChannelName(f"the phone of {user}")
