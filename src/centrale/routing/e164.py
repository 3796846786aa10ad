"""Telephone numbers as people and carriers write them, to and from E.164 (CID-4).

The one place that knows Google's metadata (`phonenumbers`). Reading a number costs 20 to 30 µs there, so answers are
remembered: people call the same numbers over and over.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
    shortnumberinfo,
)

from centrale.routing.snapshot import E164

REMEMBERED = 65_536
"""Answers kept per question; about 20 MB when all are full."""

LONGEST = 32
"""Digits of anything worth reading: 15 of E.164, prefixes and codes. Strangers cannot fill memory with longer ones."""

MISSING_SHORT_NUMBERS = {"NL": frozenset({"113", "144"})}
"""Numbers in service that the metadata does not know: suicide prevention, animals in need."""

_SEPARATORS = str.maketrans("", "", " \u00a0-\u2010\u2011./()")


def without_separators(text: str) -> str:
    """`text` without what people put between digits to read them better: spaces, dashes, dots, slashes, brackets."""
    return text.translate(_SEPARATORS)


@lru_cache(maxsize=REMEMBERED)
def from_dialled(digits: str, country: str, area_code: str | None) -> E164 | None:
    """The number that someone in `country` and `area_code` means by `digits` (CID-4); None if it cannot be one.

    A number with `+`, an international or a national prefix is complete: its length must be possible, so that ranges
    younger than our metadata still work. Any other is tried behind the own area code, then as it stands, and must be
    known to exist, because here we choose between readings.
    """
    if _complete(country).match(digits):
        return _e164_if(digits, country, known=False)
    behind_area_code = _e164_if(area_code + digits, country, known=True) if area_code else None
    return behind_area_code or _e164_if(digits, country, known=True)


@lru_cache(maxsize=REMEMBERED)
def short_number(digits: str, country: str) -> E164 | None:
    """A short national number such as 116123 or 144, in the form that records keep; None if `digits` is none.

    It has no dialable E.164 form: towards a trunk it stays as it was dialled.
    """
    if not 3 <= len(digits) <= 6 or not _is_ascii_digits(digits):
        return None
    number = _parsed(digits, country)
    known = number is not None and shortnumberinfo.is_valid_short_number_for_region(number, country)
    if known or digits in MISSING_SHORT_NUMBERS.get(country, ()):
        return E164(f"+{phonenumbers.country_code_for_region(country)}{digits}")
    return None


def readings(user_part: str, country: str) -> tuple[E164, ...]:
    """What a carrier in `country` can mean by the user part of a SIP address, likeliest first.

    Carriers write `+31201234567`, `0031201234567`, `31201234567`, `0201234567` and even `201234567`. Nothing at all
    comes out of `anonymous`, of an extension number or of rubbish.
    """
    digits = without_separators(user_part.partition(";")[0])
    if len(digits) > LONGEST or not _is_ascii_digits(digits.removeprefix("+")):
        return ()
    return _readings(digits, country)


@lru_cache(maxsize=REMEMBERED)
def _readings(digits: str, country: str) -> tuple[E164, ...]:
    if _complete(country).match(digits):
        return _found(_e164_if(digits, country, known=False))
    international = _e164_if(f"+{digits}", country, known=True)
    if international and digits.startswith(str(phonenumbers.country_code_for_region(country))):
        return (international,)
    national = _e164_if(digits, country, known=True)
    return _found(national, international) or _found(_e164_if(f"+{digits}", country, known=False))


@lru_cache(maxsize=REMEMBERED)
def as_dialled_inside(number: E164, country: str) -> str:
    """`number` the way people in `country` dial it: `0201234567`, `0049301234567`. Digits (and `+`) only, so that a
    phone's *call back* key works with it."""
    parsed = _parsed(number, country)
    if parsed is None:
        return number
    written = without_separators(phonenumbers.format_out_of_country_calling_number(parsed, country))
    return written if _is_ascii_digits(written.removeprefix("+")) else number


def e164_beginning(digits: str, country: str) -> str:
    """How a number begins in E.164 that begins with `digits` where it is dialled in `country`: `06 12` is `+31612`."""
    if digits.startswith("+"):
        return digits
    metadata = PhoneMetadata.metadata_for_region(country)
    if digits.startswith("00") or metadata is None:
        return f"+{digits.removeprefix('00')}"
    return f"+{metadata.country_code}{digits.removeprefix(metadata.national_prefix or '')}"


@lru_cache(maxsize=REMEMBERED)
def is_mobile(number: E164) -> bool:
    """Is it certainly a mobile number? In some countries (USA) nobody can tell: then it is none."""
    parsed = _parsed(number, "ZZ")
    return parsed is not None and phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE


def forget() -> None:
    """Forget every answer, as if just started; for measurements."""
    for remembered in (from_dialled, short_number, _readings, as_dialled_inside, is_mobile):
        remembered.cache_clear()


def _found(*numbers: E164 | None) -> tuple[E164, ...]:
    return tuple(dict.fromkeys(number for number in numbers if number))


def _e164_if(digits: str, country: str, *, known: bool) -> E164 | None:
    """`digits` as E.164 when its length is possible and, where asked for, its range is `known` to exist."""
    number = _parsed(digits, country)
    if number is None:
        return None
    if known:
        good = phonenumbers.is_valid_number(number)
    else:
        good = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return E164(phonenumbers.format_number(number, PhoneNumberFormat.E164)) if good else None


def _parsed(digits: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, country)
    except NumberParseException:
        return None


@cache
def _complete(country: str) -> re.Pattern[str]:
    """Matches the start of a number that says by itself where it leads: `+`, `00`, `0` in the Netherlands."""
    metadata = PhoneMetadata.metadata_for_region(country)
    prefixes = [metadata.international_prefix, metadata.national_prefix] if metadata else []
    return re.compile("|".join([r"\+", *(prefix for prefix in prefixes if prefix)]))


def _is_ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
