"""Emergency calls: they win over everything, and the centre can call back (EMG-1..3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata

from centrale.routing.own_numbers import why_not_shown
from centrale.routing.person import Person
from centrale.routing.snapshot import E164, AccountSnapshot, Channel, Extension, NumberUse
from centrale.routing.trace import Decision

EVERYWHERE = "112"
"""Answered as an emergency number whatever the country (3GPP TS 22.101 §10)."""


@cache
def _numbers_of(country: str) -> re.Pattern[str]:
    """Matches the emergency numbers of `country`, also written with `+` or `00` and the country code.

    A phone that turns every number into its international form must not stand between a caller and help.
    """
    metadata = PhoneMetadata.short_metadata_for_region(country)
    known = metadata.emergency.national_number_pattern if metadata and metadata.emergency else None
    code = phonenumbers.country_code_for_region(country)
    return re.compile(rf"(?:(?:\+|00){code})?({EVERYWHERE}|{known or EVERYWHERE})")


def emergency_number(dialled: str, country: str) -> str | None:
    """The emergency number of `country` that `dialled` is, such as 112; None if it is none (EMG-1)."""
    found = _numbers_of(country).fullmatch(dialled)
    return found[1] if found else None


def emergency_caller_id(
    account: AccountSnapshot, channel: Channel, user: Extension | None, person: Person
) -> tuple[E164 | None, Decision]:
    """The number that the emergency centre sees and can call back; withholding does not count here (EMG-3).

    The user's own number, else the user's fallback; with nobody logged on the channel's fallback; else the account's;
    else any business number. None only when the account has no active number at all.
    """
    rejected: list[str] = []
    for source, number in _candidates(account, channel, user, person):
        problem = "not set" if number is None else why_not_shown(account, number, user)
        if number is not None and problem is None:
            return number, Decision("emergency-caller-id", number, {"from": source}, tuple(rejected))
        rejected.append(f"{source}: {problem}")
    return None, Decision("emergency-caller-id", "none", {"account": account.number}, tuple(rejected))


def _candidates(
    account: AccountSnapshot, channel: Channel, user: Extension | None, person: Person
) -> Iterator[tuple[str, E164 | None]]:
    if user is None:
        yield "channel's fallback", channel.emergency_caller_id
    else:
        yield "user's default caller id", person.default_caller_id
        for number in account.numbers.values():
            if number.use is NumberUse.PERSONAL and number.user == user.number:
                yield "user's personal number", number.e164
        yield "user's fallback", person.emergency_caller_id
    yield "account's fallback", account.emergency_caller_id
    yield "account's default caller id", account.default_caller_id
    for number in account.numbers.values():
        if number.use is NumberUse.BUSINESS:
            yield "business number", number.e164
