"""The service numbers that every account has (ACC-2, SYS-1..16)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Argument(Enum):
    """What may follow a service number at once, without a menu asking for it."""

    NONE = "none"
    EXTENSION = "extension"
    LINE = "parking line, 1-99"


@dataclass(frozen=True, slots=True)
class SystemNumber:
    """A service number. `alias`: the star code for the same. `logged_on`: works only where a user is logged on."""

    code: str
    purpose: str
    requirement: str
    alias: str | None = None
    argument: Argument = Argument.NONE
    logged_on: bool = True


SYSTEM_NUMBERS = (
    SystemNumber("900", "Tell which user extension is logged on to this phone", "SYS-1", logged_on=False),
    SystemNumber("901", "Log a user extension on to this phone", "SYS-2", logged_on=False),
    SystemNumber("902", "Log the user extension off this phone", "SYS-3"),
    SystemNumber("903", "Log on to a queue", "SYS-4"),
    SystemNumber("904", "Log off from a queue", "SYS-5"),
    SystemNumber("905", "Record a sound", "SYS-6"),
    SystemNumber("906", "Listen in on another user extension", "SYS-7"),
    SystemNumber("907", "Change own PIN", "SYS-8"),
    SystemNumber("908", "Pick up a ringing call", "SYS-9", alias="*8", argument=Argument.EXTENSION),
    SystemNumber("909", "Move my active call to this device", "SYS-10", alias="*9"),
    SystemNumber("910", "Configure own call forwarding", "SYS-11"),
    SystemNumber("915", "Change the active number plan", "SYS-12"),
    SystemNumber("920", "Manage a voicemail extension", "SYS-13"),
    SystemNumber("930", "Retrieve a parked call", "SYS-14", argument=Argument.LINE),
    SystemNumber("940", "Personal assistant", "SYS-15"),
    SystemNumber("1233", "Own personal voicemail", "SYS-16"),
)

BY_CODE = {code: number for number in SYSTEM_NUMBERS for code in (number.code, number.alias) if code is not None}
_WITH_ARGUMENT = tuple((code, number) for code, number in BY_CODE.items() if number.argument is not Argument.NONE)

RESERVED = frozenset({*map(str, range(900, 941)), "1233"})
"""Never an extension, also where no service lives yet (ACC-2)."""


def find(dialled: str, extension_length: int) -> tuple[SystemNumber, str] | None:
    """The service that `dialled` means and its argument (empty if none was dialled): `*8201` → 908, `201`."""
    if number := BY_CODE.get(dialled):
        return number, ""
    for code, number in _WITH_ARGUMENT:
        if dialled.startswith(code) and (argument := dialled[len(code) :]).isdigit():
            if number.argument is Argument.EXTENSION and len(argument) == extension_length:
                return number, argument
            if number.argument is Argument.LINE and len(argument) <= 2 and int(argument) > 0:
                return number, str(int(argument))
    return None


def is_reserved(number: str) -> bool:
    """Would an extension `number` hide a service? True for the whole range and for 930 with a line behind it."""
    return number in RESERVED or find(number, extension_length=0) is not None
