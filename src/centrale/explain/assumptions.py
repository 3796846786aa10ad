"""What is taken for granted about people and phones in a dry run."""

from __future__ import annotations

from dataclasses import dataclass

from centrale.accounts.errors import Invalid
from centrale.routing.numbering import ToEmergency, ToOutside, understand
from centrale.routing.snapshot import AccountSnapshot, ChannelName, ExtensionNumber, PlatformSnapshot


class Said(str):
    """Digits that the caller closes with `#` where more is awaited. Plain strings are pressed as they are."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How those who are called, and the caller, behave. Somebody is named by extension, channel or outside number.

    Unless something else is said, every phone on which somebody is logged on is registered, and whoever is called
    answers after `answer_after` seconds.
    """

    answer_after: float = 3.0
    nobody_answers: bool = False
    """Phones ring and nobody is there."""
    answering: tuple[str, ...] = ()
    """Only these answer; all others ring on."""
    busy: tuple[str, ...] = ()
    everybody_busy: bool = False
    declining: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()
    trunks_down: tuple[str, ...] = ()
    """By the trunk's name."""
    press: tuple[str, ...] = ()
    """What the caller enters, question by question; after the last one nothing more."""
    speak: float = 10.0
    """Seconds that the caller speaks whenever something is recorded; 0 for silence."""
    hang_up_after: float | None = None
    """Seconds until the caller hangs up; None: only when everything has been heard."""
    talk: float = 10.0
    """Seconds until whoever answered hangs up."""
    everybody_there: bool = False
    """Every user is logged on to a phone, whoever happens to be so now."""


NO_ASSUMPTIONS = Assumptions()


@dataclass(frozen=True, slots=True)
class Parties:
    """`Assumptions`, with everybody found: channels, outside numbers, and trunks by their endpoints."""

    given: Assumptions
    answering: frozenset[str]
    busy: frozenset[str]
    declining: frozenset[str]
    switched_off: frozenset[str]
    trunks_down: frozenset[str]

    def acts(self, party: str) -> bool:
        """Does anything come of calling `party` but ringing?"""
        unwilling = party in self.busy or party in self.declining or party in self.switched_off
        return self.given.everybody_busy or unwilling or self.answers(party)

    def answers(self, party: str) -> bool:
        """Does whoever is called at `party` pick up?"""
        if self.answering:
            return party in self.answering
        return not self.given.nobody_answers


def find_everybody(given: Assumptions, platform: PlatformSnapshot, account: AccountSnapshot) -> Parties:
    """Raises `Invalid`, naming the assumption, for somebody whom nothing can stand for."""
    trunks = {trunk.name: trunk.endpoint for trunk in platform.trunks.values()}
    for name in given.trunks_down:
        if name not in trunks:
            raise Invalid.field("trunks_down", f"there is no trunk {name}", "unknown")

    def find(field: str) -> frozenset[str]:
        return frozenset(party for who in getattr(given, field) for party in _parties(account, who, field))

    return Parties(
        given,
        answering=find("answering"),
        busy=find("busy"),
        declining=find("declining"),
        switched_off=find("switched_off"),
        trunks_down=frozenset(trunks[name] for name in given.trunks_down),
    )


def _parties(account: AccountSnapshot, who: str, field: str) -> tuple[str, ...]:
    """The channels of an extension, one channel, or one outside number."""
    if who in account.channels:
        return (ChannelName(who),)
    if who in account.extensions:
        return account.devices_of(ExtensionNumber(who))
    match understand(who, account, account.area_code):
        case ToEmergency(number):
            return (number,)
        case ToOutside(as_sent=number):
            return (number,)
        case _:
            raise Invalid.field(field, f"{who} is no channel, no extension and no telephone number", "unknown")
