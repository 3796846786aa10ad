"""Which PINs are good enough (USR-2)."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

MUST_CHOOSE = "0000"
"""What an administrator sets to make the user choose a PIN at the next logon. It opens nothing else."""

SHORTEST, LONGEST = 4, 10

BOX_DIGITS = 4
"""The PIN of a mailbox, and of a user's voicemail, has four digits (VM-1)."""


class AskPin(StrEnum):
    """When a user must give the PIN to reach the voicemail (USR-1)."""

    UNTRUSTED = "untrusted"
    """Only at a device that voicemail does not trust (USR-4)."""
    ALWAYS = "always"
    NEVER = "never"

    def asked(self, *, trusted: bool) -> bool:
        """Is it asked at a device that is `trusted`, or not?"""
        return self is AskPin.ALWAYS or (self is AskPin.UNTRUSTED and not trusted)


class PinProblem(StrEnum):
    """Why a PIN is refused. The value is the sentence for the portal."""

    NOT_DIGITS = "A PIN has only the digits 0 to 9."
    LENGTH = f"A PIN has {SHORTEST} to {LONGEST} digits."
    REPEAT = "A PIN may not repeat itself, such as 1111 or 1212."
    SEQUENCE = "A PIN may not count up or down, such as 1234 or 9876."
    BOX_LENGTH = f"A PIN for voicemail has {BOX_DIGITS} digits."
    OWN_EXTENSION = "A PIN may not be the extension number."


def must_choose(pin: str) -> bool:
    """Is this the PIN that only asks for a new one?"""
    return pin == MUST_CHOOSE


def pin_problem(pin: str, extension: str | None = None) -> PinProblem | None:
    """Why `pin` is refused as a PIN of `extension`; None when it is good.

    `MUST_CHOOSE` is refused too: it is set on purpose by an administrator, never chosen by a user.
    """
    if not (pin.isascii() and pin.isdigit()):
        return PinProblem.NOT_DIGITS
    if not SHORTEST <= len(pin) <= LONGEST:
        return PinProblem.LENGTH
    if _repeats(pin):
        return PinProblem.REPEAT
    if _counts(pin):
        return PinProblem.SEQUENCE
    if pin == extension:
        return PinProblem.OWN_EXTENSION
    return None


def box_pin_problem(pin: str, box: str) -> PinProblem | None:
    """Why `pin` is refused as the PIN of a mailbox, or of a user's voicemail (VM-1); None when it is good."""
    problem = pin_problem(pin, box)
    if problem in (None, PinProblem.LENGTH, PinProblem.OWN_EXTENSION) and len(pin) != BOX_DIGITS:
        return PinProblem.BOX_LENGTH
    return problem


def _repeats(pin: str) -> bool:
    """One piece, over and over: 1111, 1212, 123123. (A text repeats itself when it is found inside its double.)"""
    return pin in (pin + pin)[1:-1]


def _counts(pin: str) -> bool:
    """Up or down by one, also past the 0: 1234, 9876, 7890."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})
