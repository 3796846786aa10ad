"""What phone books say: a number as contacts keep it, and the name that a known caller is shown with (ACC-7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from centrale.routing.callerid import Presented, printable
from centrale.routing.e164 import LONGEST, from_dialled, short_number, without_separators
from centrale.routing.snapshot import NOTHING, ExtensionNumber
from centrale.routing.trace import Decision

_OPTIONAL_ZERO = re.compile(r"^(\+|00)([ ()0-9.\-]*?)\(0\)")
"""`+31 (0)20 123 45 67`, as letterheads have it."""


def contact_number(text: str, country: str, area_code: str | None, extension_length: int) -> str | None:
    """The number that somebody in `country` wrote down as `text`: E.164, or an extension; None if it is no number.

    As many digits as the account's extensions have are an extension, whether it is there or not: people write down the
    new colleague first. Short national numbers (144) stay as they are, because nobody dials them otherwise.
    """
    written = _OPTIONAL_ZERO.sub(r"\1\2", text.strip().removeprefix("tel:"))
    digits = without_separators(written)
    if not 2 <= len(digits) <= LONGEST or not digits.removeprefix("+").isascii():
        return None
    if not digits.removeprefix("+").isdigit():
        return None
    if len(digits) == extension_length and digits.isdigit():
        return digits
    if short_number(digits, country):
        return digits
    return from_dialled(digits, country, area_code)


@dataclass(frozen=True, slots=True)
class Names:
    """What an account's contacts call one number: in the company's phone book, and in the own ones of users."""

    company: str = ""
    personal: Mapping[ExtensionNumber, str] = field(default_factory=lambda: NOTHING)


NO_NAMES = Names()


def named(caller: Presented, names: Names) -> Presented:
    """`caller` with the name that the company's phone book has, which counts more than the one sent along: anybody can
    send any name. The number stays. Who has no number, or withholds it, gets no name."""
    return _with(caller, names.company)


def named_for(caller: Presented, names: Names, user: ExtensionNumber) -> Presented:
    """The same on the phones of `user`, who was called in person: their own contacts count more than the company's."""
    return _with(caller, names.personal.get(user, ""))


def why(caller: Presented, names: Names) -> Decision | None:
    """For the trace; None when the company's phone book does not know the caller.

    Of personal contacts it says nothing: colleagues read it.
    """
    if named(caller, names) is caller:
        return None
    sent = f"sent along: “{caller.name}”"
    rejected = (sent,) if caller.name and caller.name != printable(names.company) else ()
    return Decision("caller-name", printable(names.company), {"from": "the company's contacts"}, rejected)


def _with(caller: Presented, name: str) -> Presented:
    shown = printable(name)
    if not shown or caller.withheld or caller.e164 is None:
        return caller
    return replace(caller, name=shown)
