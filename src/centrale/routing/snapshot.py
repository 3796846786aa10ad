"""The immutable picture of the platform that every decision reads.

`accounts` builds it from storage and swaps it whole after a change; a call keeps the picture it started with for one
decision and takes a fresh one for the next. Settings of a kind are parsed once, when the picture is taken: `settings`
holds the Pydantic model of the extension's kind (`centrale.kinds`), which routing hands on without looking inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NewType

from centrale.routing.by_kind import ByKind
from centrale.routing.schedule import Schedule

AccountId = NewType("AccountId", int)
ExtensionNumber = NewType("ExtensionNumber", str)
"""Digits, as long as the account's extension length (ACC-2)."""
E164 = NewType("E164", str)
"""A telephone number with `+` and country code, such as `+31201234567` (ITU-T E.164)."""
ChannelName = NewType("ChannelName", str)
"""A VoIP channel's SIP user name, unique on the platform (CHN-1)."""

NOTHING: Mapping[Any, Any] = MappingProxyType({})
NOTHING_SCHEDULED: Schedule[int] = Schedule()


class Facility(StrEnum):
    """What is switched on per account (ACC-3)."""

    CALL_RECORDING = "call_recording"
    OUTBOUND_RECORDING = "outbound_recording"
    PERSONAL_ASSISTANT = "personal_assistant"
    TWINNING = "twinning"
    SIP_ENCRYPTION = "sip_encryption"
    IP_LISTING = "ip_listing"
    PRESENCE = "presence"
    DISTINCTIVE_RINGING = "distinctive_ringing"
    EXTERNAL_CALL_LIMIT = "external_call_limit"


WORKING = frozenset({Facility.TWINNING})
"""Facilities that something reads. The others can be sold already, and wait for what they switch on."""


class NumberUse(StrEnum):
    """A number is usable in number plans or tied to one user, never both (ACC-6)."""

    BUSINESS = "business"
    PERSONAL = "personal"


class DtmfMethod(StrEnum):
    """How a phone sends the digits pressed in a call (CHN-1)."""

    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"


@dataclass(frozen=True, slots=True)
class Extension:
    """A number inside the account that does something: a user, a group, an announcement…"""

    number: ExtensionNumber
    kind: str
    name: str
    settings: Any
    """The kind's settings model, validated."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A VoIP channel: one SIP registration (CHN-1). `linked_to`: the user an administrator tied to it (LNK-1)."""

    name: ChannelName
    area_code: str | None = None
    call_limit: int = 2
    language: str | None = None
    country: str | None = None
    dtmf: DtmfMethod = DtmfMethod.RFC4733
    linked_to: ExtensionNumber | None = None
    emergency_caller_id: E164 | None = None


@dataclass(frozen=True, slots=True)
class TelephoneNumber:
    """A number of the account (ACC-6). Only an active one can be reached or presented."""

    e164: E164
    use: NumberUse = NumberUse.BUSINESS
    active: bool = True
    user: ExtensionNumber | None = None
    """The user that a personal number belongs to."""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """Where one telephone number leads in one plan; `prefix` is put before the caller's name on the display (NP-2)."""

    destination: ExtensionNumber
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """One of a schema's 1–99 plans (NP-1)."""

    number: int
    name: str
    entries: Mapping[E164, PlanEntry] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class PlanSchema:
    """A set of number plans of which exactly one is active (NP-1, NP-3).

    `override`: the number of the plan chosen by hand; without one, `schedule` gives it; where that gives nothing,
    `standing` is active: the plan for whenever nothing else says otherwise.
    """

    number: int
    name: str
    plans: Mapping[int, NumberPlan]
    standing: int | None = None
    override: int | None = None
    schedule: Schedule[int] = NOTHING_SCHEDULED
    """Gives numbers of plans, in the account's wall time."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """A way to the outside: a carrier reached over SIP. `endpoint` is the switch's name for it."""

    name: str
    endpoint: str
    keeps_foreign_caller_id: bool = False
    """May a forwarded call show a number that is not ours (CID-3)?"""
    country: str = "NL"
    """ISO 3166-1 alpha-2: where the carrier's national numbers (`0201234567`) are at home."""


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """All that a call of one account may need to know, as it stood at revision `revision`."""

    id: AccountId
    number: str
    """Customer number, unique on the platform; channel names are suggested from it."""
    name: str
    country: str = "NL"
    """ISO 3166-1 alpha-2."""
    language: str = "nl"
    timezone: str = "Europe/Amsterdam"
    area_code: str | None = None
    """With its leading zero, as dialled inside the country: `020`."""
    extension_length: int = 3
    default_caller_id: E164 | None = None
    emergency_caller_id: E164 | None = None
    facilities: frozenset[Facility] = frozenset()
    extensions: Mapping[ExtensionNumber, Extension] = field(default_factory=lambda: NOTHING)
    channels: Mapping[ChannelName, Channel] = field(default_factory=lambda: NOTHING)
    numbers: Mapping[E164, TelephoneNumber] = field(default_factory=lambda: NOTHING)
    schemas: tuple[PlanSchema, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    """In the order in which the account tries them."""
    logons: Mapping[ChannelName, ExtensionNumber] = field(default_factory=lambda: NOTHING)
    """Who is logged on where (SYS-2), linked users included."""
    devices: Mapping[ExtensionNumber, tuple[ChannelName, ...]] = field(default_factory=lambda: NOTHING)
    """The same from the user's side, oldest logon first."""
    queue_logons: Mapping[ExtensionNumber, Mapping[ExtensionNumber, datetime]] = field(default_factory=lambda: NOTHING)
    """The agents who are logged on to each queue, and since when; oldest first (QUE-15)."""
    infotainment_every: int = 60
    """Seconds between two pieces of infotainment in queues (QUE-11)."""
    partner: int | None = None
    """The wholesale partner whose customer it is (ACC-1)."""
    revision: int = 0
    by_kind: ByKind = field(default_factory=lambda: ByKind(NOTHING), compare=False, repr=False)
    """`extensions`, by kind."""

    def __post_init__(self) -> None:
        # Whoever replaces the extensions need not think of it; the directory does, as it knows what differs.
        if not self.by_kind.is_of(self.extensions):
            object.__setattr__(self, "by_kind", ByKind(self.extensions))

    def user_on(self, channel: ChannelName) -> Extension | None:
        """The user logged on to `channel`, if any."""
        number = self.logons.get(channel)
        return None if number is None else self.extensions.get(number)

    def devices_of(self, user: ExtensionNumber) -> tuple[ChannelName, ...]:
        """The channels on which `user` is logged on."""
        return self.devices.get(user, ())

    def agents_on(self, queue: ExtensionNumber) -> Mapping[ExtensionNumber, datetime]:
        """The agents who are logged on to `queue`, and since when; oldest first."""
        return self.queue_logons.get(queue, NOTHING)


def devices_by_user(logons: Mapping[ChannelName, ExtensionNumber]) -> dict[ExtensionNumber, tuple[ChannelName, ...]]:
    """`logons` turned round, in the same order."""
    devices: dict[ExtensionNumber, tuple[ChannelName, ...]] = {}
    for channel, user in logons.items():
        devices[user] = (*devices.get(user, ()), channel)
    return devices


@dataclass(frozen=True, slots=True)
class PlatformSnapshot:
    """Every account, and whose each channel, number and trunk is."""

    accounts: Mapping[AccountId, AccountSnapshot]
    account_of_channel: Mapping[ChannelName, AccountId]
    account_of_number: Mapping[E164, AccountId]
    trunks: Mapping[str, Trunk]
    """By `endpoint`."""

    def owner_of_channel(self, name: str) -> AccountSnapshot | None:
        """The account that the channel belongs to."""
        owner = self.account_of_channel.get(ChannelName(name))
        return None if owner is None else self.accounts.get(owner)

    def owner_of_number(self, number: E164) -> AccountSnapshot | None:
        """The account that the telephone number belongs to."""
        owner = self.account_of_number.get(number)
        return None if owner is None else self.accounts.get(owner)
