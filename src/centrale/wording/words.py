"""Sentences with names in them, in one language: what a summary is written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from centrale.wording.catalogue import Language, choices, text

T = TypeVar("T")

MOST_NAMED = 8
"""Of more things than these, a sentence names that many less one and counts the others."""


NameOf = Callable[[str], str | None]
"""What an extension (by number) or a sound (by file) is called; None for what is not known."""


def nameless(number: str) -> str | None:
    """For who knows no names."""
    return None


@dataclass(frozen=True, slots=True)
class Wording:
    """Composes sentences.

    `name_of`: what an extension of the account is called, by number, or a sound, by file; None for what it does not
    know.
    """

    language: Language = Language.ENGLISH
    name_of: NameOf = nameless

    def __call__(self, english: str, **values: object) -> str:
        """`english`, a literal (a test looks for it in the catalogue), with `{values}` filled in."""
        return text(english, self.language).format(**values)

    def place(self, number: str) -> str:
        """An extension, with its name if that is known, or a number outside: `Jansen (201)`."""
        name = self.name_of(number)
        return number if name is None else f"{name} ({number})"

    def places(self, numbers: Sequence[str]) -> str:
        """Several of them: `Jansen (201), Bakker (202) and 5 others`."""
        return self.listed(self.first_of(numbers, self.place))

    def sound(self, file: str) -> str:
        """A sound, by its name if that is known: `“Welcome”`."""
        name = self.name_of(file)
        return file if name is None else f"“{name}”"

    def targets(self, targets: str) -> str:
        """Some that are rung at once, as settings have them: separated by `;`."""
        return self.places(targets.split(";"))

    def first_of(self, things: Sequence[T], named: Callable[[T], str]) -> list[str]:
        """Each `named`, up to so many; how many others there are stands last."""
        if len(things) <= MOST_NAMED:
            return [named(thing) for thing in things]
        most = [named(thing) for thing in things[: MOST_NAMED - 1]]
        return [*most, self("{count} others", count=len(things) - len(most))]

    def listed(self, things: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(things) < 2:
            return "".join(things)
        return self("{first} and {last}", first=", ".join(things[:-1]), last=things[-1])

    def day(self, day: Enum) -> str:
        """A weekday, short: `Mon`, `ma`."""
        return self.choice(day)[: 2 if self.language is Language.DUTCH else 3]

    def choice(self, chosen: Enum) -> str:
        """What a choice is called, inside a sentence."""
        return choices(type(chosen), self.language)[str(chosen.value)]


ENGLISH: Final = Wording()
"""For logs, traces and the command line: they are English, and name extensions by number."""
