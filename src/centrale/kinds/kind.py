"""What an extension kind is: a settings model, a wording and a behaviour (design §4).

A kind's file declares a Pydantic model that derives from `KindSettings` and one async function `answer(settings,
extension, call)`, and lists both in a `Kind`. `centrale.kinds.registry` names every kind; importing one does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from centrale.calls import Call, Next
from centrale.routing.snapshot import Extension, ExtensionNumber


def semantic(meaning: str, **extra: str) -> dict[str, Any]:
    """JSON-schema extras that tell the portal what a plain string stands for (`x-centrale`)."""
    return {"x-centrale": meaning, **extra}


class UsesExtension:
    """Marks a field type as a reference to another extension of the account (the "used by" check)."""


Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,5}$")]

ExtensionRef = Annotated[Digits, UsesExtension(), Field(json_schema_extra=semantic("extension"))]
"""Another extension of the account, by number."""

UserRef = Annotated[Digits, UsesExtension(), Field(json_schema_extra=semantic("extension", kind="user"))]
"""A user extension of the account, by number."""

TelephoneNumberField = Annotated[
    str, StringConstraints(pattern=r"^\+[1-9][0-9]{5,14}$"), Field(json_schema_extra=semantic("telephone-number"))
]
"""An E.164 number with its plus sign."""

OwnNumber = Annotated[
    str, StringConstraints(pattern=r"^\+[1-9][0-9]{5,14}$"), Field(json_schema_extra=semantic("own-number"))
]
"""A telephone number of the account."""

Seconds = Annotated[int, Field(ge=1, le=300, json_schema_extra=semantic("seconds"))]

Language = Annotated[
    str, StringConstraints(pattern=r"^(nl|en|de|es|lv)$"), Field(json_schema_extra=semantic("language"))
]

SoundRef = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,80}\.wav$"), Field(json_schema_extra=semantic("sound"))]
"""A sound of the account, by file name in its sound folder."""


class KindSettings(BaseModel):
    """Base of every kind's settings. Unknown fields are refused, so that a typing error in a file is told, not lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def uses(self) -> Iterator[tuple[str, str]]:
        """Each reference to another extension, as (path of the field, extension number)."""
        return _references(self, "")

    def rung_together(self, own: ExtensionNumber) -> Sequence[ExtensionNumber]:
        """The users whose phones ring when extension `own` is one of several targets that ring at once (GRP-3).

        None for a kind that answers by itself: it cannot ring beside others.
        """
        return ()


def _references(value: BaseModel, path: str) -> Iterator[tuple[str, str]]:
    for name, info in type(value).model_fields.items():
        yield from _in_field(getattr(value, name), info.annotation, info.metadata, f"{path}{name}")


def _in_field(value: Any, annotation: Any, metadata: list[Any], path: str) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, BaseModel):
        yield from _references(value, f"{path}.")
    elif any(isinstance(mark, UsesExtension) for mark in metadata):
        yield path, str(value)
    elif isinstance(value, list | tuple):
        inner = _element_metadata(annotation)
        for index, element in enumerate(value):
            yield from _in_field(element, None, inner, f"{path}[{index}]")


def _element_metadata(annotation: Any) -> list[Any]:
    """The metadata of `X` in `list[Annotated[X, …]]`, `tuple[…, ...]` or an optional of those."""
    for argument in getattr(annotation, "__args__", ()):
        metadata = getattr(argument, "__metadata__", None)
        if metadata:
            return list(metadata)
        found = _element_metadata(argument)
        if found:
            return found
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One extension kind.

    `title`: its name per UI language. `summary`: the settings in one plain sentence, for lists and traces.
    """

    name: str
    title: dict[str, str]
    settings: type[KindSettings]
    answer: Callable[[Any, Extension, Call], Awaitable[Next]]
    summary: Callable[[Any], str]
