"""The files of words, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Language(StrEnum):
    """The languages of whoever arranges an exchange. Callers hear five (`voice/texts`)."""

    ENGLISH = "en"
    DUTCH = "nl"


@dataclass(frozen=True, slots=True)
class TraceWords:
    """What stands in traces: names of rules and of facts, codes such as `no_answer`, and sentences by their English
    with `{places}`; and the sentences that are made of steps (`explain.wording`). English has only the names that are
    not what they are called in the code."""

    rules: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language.

    `texts`: by the English; empty for English. `problems`: the same for refusals, whose English has `{places}`.
    `things`: what refusals call the things that they name. `rows`: what one row of a list is called, by the list's
    title in this language. `choices`: by enum (see `name_of`), then by value. `health`: what the exchange says of
    itself, by the English with `{places}`.
    """

    texts: Mapping[str, str]
    problems: Mapping[str, str]
    things: Mapping[str, str]
    rows: Mapping[str, str]
    health: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    traces: TraceWords


@cache
def catalogue(language: Language) -> Catalogue:
    """Raises `tomllib.TOMLDecodeError` for a file that a careless hand has left unreadable."""
    content = _read(f"{language}.toml")
    parts = {part: content.get(part, {}) for part in ("texts", "problems", "things", "rows", "choices")}
    health = _read(f"health_{language}.toml") if language is not Language.ENGLISH else {}
    return Catalogue(**parts, health=health, traces=TraceWords(**_read(f"traces_{language}.toml")))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def text(english: str, language: Language) -> str:
    """`english` in `language`; itself where the catalogue has nothing, which a test does not let happen."""
    return catalogue(language).texts.get(english, english)


def choices(enum: type[Enum], language: Language) -> Mapping[str, str]:
    """What each value of `enum` is called by people."""
    return catalogue(language).choices.get(name_of(enum), {})


def name_of(enum: type[Enum]) -> str:
    """`queue.Strategy`: two enums may have the same name in two files."""
    return f"{enum.__module__.rsplit('.', 1)[-1]}.{enum.__qualname__}"
