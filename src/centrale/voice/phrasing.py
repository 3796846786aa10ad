"""From a prompt and its values to the sentence that is spoken.

A text holds placeholders that say how their value is spoken:

- `{name}`: words, as they are;
- `{extension:digits}`: telephone keys, one by one;
- `{position:number}`: a whole number;
- `{moment:time}`: a `datetime.time`;
- `{day:date}`: a `datetime.date`, without its year.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

from centrale.voice.languages import day, digits, number, spoken_language, time_of_day
from centrale.voice.prompts import Prompt

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_WORDS = 80  # characters of a name: longer is a mistake, or someone who wants to keep us talking

STYLES = ("", "digits", "number", "time", "date")


@cache
def texts(language: str) -> Mapping[Prompt, str]:
    """All texts of one language. Raises ValueError naming the prompts that its file lacks or has too many."""
    source = files("centrale.voice").joinpath("texts", f"{language}.toml")
    found = tomllib.loads(source.read_text(encoding="utf-8"))
    if wrong := sorted(found.keys() ^ set(Prompt)):
        raise ValueError(f"voice/texts/{language}.toml and the prompts differ in: {', '.join(wrong)}")
    return MappingProxyType({prompt: found[prompt] for prompt in Prompt})


@cache
def placeholders(prompt: Prompt, language: str) -> Mapping[str, str]:
    """The placeholders of a prompt, each with its style; `""` is words. Empty for a fixed sentence."""
    parsed = Formatter().parse(texts(language)[prompt])
    return MappingProxyType({field: style or "" for _, field, style, _ in parsed if field is not None})


def sentence(prompt: Prompt, language: str, values: Mapping[str, object]) -> str:
    """The words to speak.

    Raises ValueError when values are missing, unexpected or cannot be spoken in the style that the text asks for:
    that is a mistake of the caller, not of the speech engine.
    """
    language = spoken_language(language)
    styles = placeholders(prompt, language)
    if wrong := sorted(styles.keys() ^ values.keys()):
        raise ValueError(f"prompt {prompt} takes the values {sorted(styles)}; wrong or missing: {', '.join(wrong)}")
    spoken = {field: _spoken(values[field], style, language) for field, style in styles.items()}
    parts = Formatter().parse(texts(language)[prompt])
    return "".join(literal + (spoken[field] if field is not None else "") for literal, field, _, _ in parts)


def _spoken(value: object, style: str, language: str) -> str:
    match style:
        case "digits":
            return digits(value, language)
        case "number":
            return number(value)
        case "date":
            return day(value, language)
        case "time":
            return time_of_day(value, language)
        case _:
            return _words(value)


def _words(value: object) -> str:
    """A name as one line of printable text, so that it cannot end the sentence or reach the engine as a command."""
    printable = "".join(char if char.isprintable() else " " for char in str(value))
    return " ".join(printable.split())[:_LONGEST_WORDS]
