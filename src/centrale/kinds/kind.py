"""What an extension kind is: a settings model, a wording and a behaviour (design §4).

A kind's file declares a Pydantic model that derives from `KindSettings` and one async function `answer(settings,
extension, call)`, and lists both in a `Kind`. `centrale.kinds.registry` names every kind; importing one does nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from centrale.calls import Call, Next
from centrale.calls.dialogue import Sound, Words
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.wording import Wording


def semantic(meaning: str, **extra: str) -> dict[str, Any]:
    """JSON-schema extras that tell the portal what a plain string stands for (`x-centrale`)."""
    return {"x-centrale": meaning, **extra}


LONGEST_INSIDE = 5
"""Digits of an extension (ACC-2): what is longer leads outside."""

Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,5}$")]

ExtensionRef = Annotated[Digits, Field(json_schema_extra=semantic("extension"))]
"""Another extension of the account, by number."""

UserRef = Annotated[Digits, Field(json_schema_extra=semantic("extension", kind="user"))]
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


Destination = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2,5}$"), Field(json_schema_extra=semantic("destination"))
]
"""Where a call goes on to: an extension of the account."""

AnyDestination = Annotated[
    str,
    StringConstraints(pattern=r"^\+?[0-9]{2,15}$"),
    Field(json_schema_extra=semantic("destination", outside="yes")),
]
"""The same, or an outside telephone number."""

Prefix = Annotated[str, StringConstraints(max_length=20), Field(json_schema_extra=semantic("prefix"))]
"""Put before the caller's name on the display (CID-2)."""


PARAGRAPH = semantic("paragraph")
"""For a text of several lines; every other one has one line."""


class KindSettings(BaseModel):
    """Base of every kind's settings. Unknown fields are refused, so that a typing error in a file is told, not lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @classmethod
    def name_problem(cls, name: str) -> str | None:
        """What is wrong with the name of an extension of this kind, in words; None when nothing is."""
        return None

    def rung_together(self, own: ExtensionNumber) -> Sequence[ExtensionNumber]:
        """The users whose phones ring when extension `own` is one of several targets that ring at once (GRP-3).

        None for a kind that answers by itself: it cannot ring beside others.
        """
        return ()

    def may_pick_up(self, user: ExtensionNumber, logged_on: Collection[ExtensionNumber]) -> bool:
        """May `user` take over calls that ring here (QUE-25, PRV-1)? `logged_on`: the agents, where there are any."""
        return False


def _lines_of_text(text: str) -> str:
    # Not refused: word processors put them in, and nobody sees them.
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if category(letter) == "Cc" and letter not in "\n\t" else letter for letter in lines)


SpokenText = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_lines_of_text)]
"""Words for the exchange's own voice."""


class Utterance(KindSettings):
    """Something said to the caller: a recorded sound, or a text that is spoken."""

    sound: SoundRef | None = Field(default=None, title="Sound")
    text: SpokenText | None = Field(default=None, title="Text to be spoken", json_schema_extra=PARAGRAPH)
    language: Language | None = Field(default=None, title="Language of the text", description="The caller's if empty.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.sound is None) == (self.text is None):
            raise ValueError("give either a sound or a text to be spoken")
        return self

    @property
    def said(self) -> Sound | Words:
        """For `Call.ask`."""
        return Sound(self.sound) if self.sound is not None else Words(self.text or "", self.language)

    def told(self, words: Wording) -> str:
        """In a summary: a sound by its name, or the text."""
        return words.sound(self.sound) if self.sound else f"“{self.text}”"


@dataclass(frozen=True, slots=True)
class Kind:
    """One extension kind.

    `title`: its name per UI language. `summary`: the settings in one plain sentence, for lists and traces; written
    with `words`, so in the language and with the names of whoever reads it.
    """

    name: str
    title: dict[str, str]
    settings: type[KindSettings]
    answer: Callable[[Any, Extension, Call], Awaitable[Next]]
    summary: Callable[[Any, Wording], str]
