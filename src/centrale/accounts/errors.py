"""What can be wrong with a change, in words for the one who asked for it; the API maps these to problem+json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

TOO_MANY = 1000
"""Problems that are not told one by one any more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `field`: path in the input (`settings.members[0]`), empty when it is about the whole."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Use:
    """A place where something is used: `object_type` and `key` name it, `field` says where in it.

    `kind`: of an extension. `words`: all of it for people; the API fills it in, in the reader's language.
    """

    object_type: str
    key: str
    field: str
    kind: str = ""
    words: str = ""

    def __str__(self) -> str:
        return f"{self.object_type} {self.key} ({self.field})"


class AccountsError(Exception):
    """Base of everything that a change or a look-up refuses."""


class Invalid(AccountsError):
    """The input breaks a rule; `problems` names each field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.field}: {p.message}" if p.field else p.message for p in problems))
        self.problems = problems

    @classmethod
    def field(cls, field: str, message: str, code: str = "invalid") -> Invalid:
        """One problem with one field."""
        return cls(Problem(field, code, message))

    @classmethod
    def of(cls, error: ValidationError, prefix: str = "") -> Invalid:
        """What Pydantic found, with paths under `prefix`. The values are left out: they may be secrets."""
        if error.error_count() > TOO_MANY:
            # To tell them takes seconds, in which calls would wait, and nobody reads so many.
            return Invalid.field(prefix.rstrip("."), f"more than {TOO_MANY} fields are wrong; is this meant for here?")
        return cls(
            *(
                Problem(_path(prefix, found["loc"]), found["type"], found["msg"])
                for found in error.errors(include_url=False, include_input=False, include_context=False)
            )
        )


class NotFound(AccountsError):
    """There is no such object in this account; also the answer for an object of another account (ACC-1)."""

    def __init__(self, object_type: str, key: object) -> None:
        super().__init__(f"there is no {object_type} {key}")
        self.object_type = object_type
        self.key = str(key)


class Conflict(AccountsError):
    """The change collides with what is there: a name taken, or something still in use (`uses`)."""

    def __init__(self, message: str, *, field: str = "", uses: Iterable[Use] = ()) -> None:
        self.message = message
        self.uses = tuple(uses)
        listed = "; ".join(str(use) for use in self.uses)
        super().__init__(f"{message}: {listed}" if listed else message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Broken:
    """A saved expectation that a change would break: what it expects, what would happen instead, and the trace of that
    call, step by step (NP-10)."""

    id: int
    name: str
    expected: str
    found: str
    trace: tuple[Mapping[str, Any], ...] = ()


class BreaksExpectations(AccountsError):
    """The change was not made: expectations that hold now would not any more."""

    def __init__(self, broken: Iterable[Broken]) -> None:
        self.broken = tuple(broken)
        listed = "; ".join(f"“{it.name}” ({it.found})" for it in self.broken)
        super().__init__(f"this would break what is expected: {listed}")


class StorageUnavailable(AccountsError):
    """The database is away, locked or full; nothing was changed and the same request may be tried again."""


def _path(prefix: str, loc: tuple[int | str, ...]) -> str:
    path = prefix
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path
