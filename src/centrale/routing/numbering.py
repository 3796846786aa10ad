"""What did somebody dial? (CID-4..6, SYS-*, EMG-1, ACC-2)

`understand` reads the digits in a fixed order, in which nothing can hide an emergency number: emergency, service,
extension, outside. Caller-id codes before the number (`#31#`) are taken off first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from centrale.routing import system_numbers
from centrale.routing.e164 import LONGEST, from_dialled, short_number, without_separators
from centrale.routing.emergency import emergency_number
from centrale.routing.snapshot import E164, AccountSnapshot, ExtensionNumber
from centrale.routing.system_numbers import SystemNumber

WITHHOLD = 1
"""`#31#` is reserved for withholding (CID-5); the other `#3n#` choose a number (CID-6)."""

_CODE = re.compile(r"#3(\d)#")
_CODE_ON_MOBILE = re.compile(r"#3(\d)#|13(\d)(?=.)")
_DIALLABLE = re.compile(r"(?:#3[0-9]#|13[0-9])*\+?[0-9*#]+")
"""A plus sign stands first, or behind caller-id codes: `#31#+31612345678`."""


@dataclass(frozen=True, slots=True)
class ToExtension:
    """A number as long as the account's extensions. Whether it exists is for whoever routes to say."""

    number: ExtensionNumber


@dataclass(frozen=True, slots=True)
class ToService:
    """A service number; `argument` holds what was dialled behind it at once: `908201` → `201`."""

    service: SystemNumber
    argument: str = ""


@dataclass(frozen=True, slots=True)
class ToEmergency:
    """An emergency number of the country, in its short form."""

    number: str


@dataclass(frozen=True, slots=True)
class ToOutside:
    """A telephone number. `as_sent`: what a trunk is given; differs from `e164` for short national numbers only."""

    e164: E164
    as_sent: str
    withheld: bool = False
    caller_id_slot: int | None = None
    """The n of `#3n#`, when the caller chose a number that way."""


@dataclass(frozen=True, slots=True)
class NotANumber:
    """Nothing can be reached by these digits; `reason` says why, in words."""

    reason: str


Dialled = ToExtension | ToService | ToEmergency | ToOutside | NotANumber


def understand(
    dialled: str,
    account: AccountSnapshot,
    area_code: str | None,
    *,
    country: str | None = None,
    mobile: bool = False,
) -> Dialled:
    """What `dialled` means on a phone of `account`.

    `area_code`: where the caller is, for numbers dialled without one. `country`: where the phone is, if not in the
    account's country. `mobile`: a mobile phone, where 13n stands for `#3n#` unless that is an extension.
    """
    country = country or account.country
    digits = _without_send_key(without_separators(dialled))
    if not digits:
        return NotANumber("nothing was dialled")
    if len(digits) > LONGEST:
        return NotANumber("no number is that long")
    if not _DIALLABLE.fullmatch(digits):
        return NotANumber("a number has only digits, *, # and a leading +")

    codes, digits = _split_caller_id_codes(digits, mobile=mobile and digits not in account.extensions)
    if not digits:
        return NotANumber("a caller-id code goes before a number")
    if number := emergency_number(digits, country):
        return ToEmergency(number)
    if service := system_numbers.find(digits, account.extension_length):
        return ToService(*service)
    if not digits.removeprefix("+").isdigit():
        return NotANumber("no service has this code")

    if len(digits) == account.extension_length and digits.isdigit():
        extension = ExtensionNumber(digits)
        if extension in account.extensions:
            return ToExtension(extension)
        if system_numbers.is_reserved(digits):
            return NotANumber(f"{digits} is reserved for services")
        if short := short_number(digits, country):
            return _outside(short, digits, codes)
        return ToExtension(extension)

    if short := short_number(digits, country):
        return _outside(short, digits, codes)
    if number := from_dialled(digits, country, area_code):
        return _outside(number, number, codes)
    return NotANumber(f"{digits} is no telephone number in {country} and no extension")


def _outside(e164: E164, as_sent: str, codes: tuple[int, ...]) -> ToOutside:
    slots = [code for code in codes if code != WITHHOLD]
    return ToOutside(e164, as_sent, withheld=WITHHOLD in codes, caller_id_slot=slots[-1] if slots else None)


def _without_send_key(digits: str) -> str:
    """Many phones send the `#` that was pressed to dial at once. A code such as `#31#` ends so too, but says nothing
    by itself."""
    return digits.removesuffix("#")


def _split_caller_id_codes(digits: str, *, mobile: bool) -> tuple[tuple[int, ...], str]:
    """The n of every `#3n#` (on a mobile also 13n) before the number, and the number."""
    if digits[0] not in "#1":
        return (), digits
    pattern = _CODE_ON_MOBILE if mobile else _CODE
    codes: list[int] = []
    while found := pattern.match(digits):
        codes.append(int(found[1] or found[2]))
        digits = digits[found.end() :]
    return tuple(codes), digits


class ExtensionNumberProblem(StrEnum):
    """Why a number cannot be an extension's (ACC-2)."""

    NOT_DIGITS = "An extension number has only the digits 0 to 9."
    WRONG_LENGTH = "All extension numbers of an account have the same length, 2 to 5 digits."
    SYSTEM_NUMBER = "900 to 940, 930 with a parking line, and 1233 are service numbers of every account."
    EMERGENCY_NUMBER = "This is an emergency number, which must always reach the emergency centre."


def extension_number_problem(number: str, account: AccountSnapshot) -> ExtensionNumberProblem | None:
    """Why `number` cannot be an extension of `account`; None when it can. Whether it is taken is not asked here."""
    if not (number.isascii() and number.isdigit()):
        return ExtensionNumberProblem.NOT_DIGITS
    if len(number) != account.extension_length or not 2 <= len(number) <= 5:
        return ExtensionNumberProblem.WRONG_LENGTH
    if system_numbers.is_reserved(number):
        return ExtensionNumberProblem.SYSTEM_NUMBER
    countries = {account.country, *(channel.country for channel in account.channels.values() if channel.country)}
    if any(emergency_number(number, country) for country in countries):
        return ExtensionNumberProblem.EMERGENCY_NUMBER
    return None
