"""An account as if everybody had come to work: what an arrangement does must not depend on who is logged on now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from centrale.kinds.queue_settings import Queue
from centrale.routing.snapshot import (
    AccountSnapshot,
    Channel,
    ChannelName,
    Extension,
    ExtensionNumber,
    PlatformSnapshot,
    devices_by_user,
)

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When everybody logged on who is only assumed to be there."""


def with_everybody_there(platform: PlatformSnapshot, account: AccountSnapshot) -> PlatformSnapshot:
    """The platform with each user of `account` logged on to one phone and to no other, but for linked ones (LNK-1),
    whose phones are part of the arrangement; and each member of a queue to that queue. All other logons are taken
    back."""
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
        queue_logons=MappingProxyType({queue.number: _members(queue) for queue in account.extensions.values()}),
    )
    return replace(
        platform,
        accounts=MappingProxyType({**platform.accounts, account.id: present}),
        account_of_channel=MappingProxyType({**platform.account_of_channel, **dict.fromkeys(channels, account.id)}),
    )


def _members(extension: Extension) -> Mapping[ExtensionNumber, datetime]:
    """The agents whom an administrator chose, if this is a queue; who logged on beside them is there by chance."""
    agents = extension.settings.agents if isinstance(extension.settings, Queue) else ()
    return MappingProxyType(dict.fromkeys(agents, LONG_AGO))


def phone_of(user: ExtensionNumber) -> ChannelName:
    """The name of a phone that is only assumed: no channel can be called so."""
    return ChannelName(f"the phone of {user}")
