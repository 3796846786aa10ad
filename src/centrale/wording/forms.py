"""Settings models as JSON schemas for people: what the portal makes forms of (issue 5, design §4)."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from centrale.wording.catalogue import Language, choices, text

WORDS = "x-words"
"""Beside `enum`: what each value is called."""

_REQUIREMENT = re.compile(r" ?\([A-Z]{2,4}-\d+(\.\.\d+)?(, [A-Z]{2,4}-\d+)*\)")


@cache
def form_of(model: type[BaseModel], language: Language) -> dict[str, Any]:
    """The schema of what is given to `model`, in `language`. Shared: not to be changed.

    Docstrings are for programmers, and what stands in brackets like (ACC-2) is for who looks a requirement up: both are
    left out.
    """
    translated: dict[str, Any] = _in(model.model_json_schema(schema_generator=_Plain), language)
    return translated


def english_of(model: type[BaseModel]) -> set[str]:
    """Every title and description that the form of `model` shows."""
    return set(_texts(model.model_json_schema(schema_generator=_Plain)))


def choices_of(model: type[BaseModel]) -> set[type[Enum]]:
    """Every enum that the form of `model` lets one choose from."""
    enums: set[type[Enum]] = set()

    class Collecting(_Plain):
        def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
            enums.add(schema["cls"])
            return super().enum_schema(schema)

    model.model_json_schema(schema_generator=Collecting)
    return enums


class _Plain(GenerateJsonSchema):
    """Without the names and docstrings of classes; with the enum that choices come from, for `_in`."""

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        if schema["type"] == "enum":
            # Pydantic puts the class's name and docstring in by functions that stand here.
            schema = {name: it for name, it in schema.items() if name != "metadata"}
        return super().generate_inner(schema)

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        plain = super().enum_schema(schema)
        return {"type": plain["type"], "enum": plain["enum"], WORDS: schema["cls"]}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        plain = super().model_schema(schema)
        return {name: it for name, it in plain.items() if name not in ("title", "description")}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _in(value: Any, language: Language) -> Any:
    if isinstance(value, dict):
        return {name: _translated(name, inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in(inner, language) for inner in value]
    return value


def _translated(name: str, value: Any, language: Language) -> Any:
    if name in ("title", "description") and isinstance(value, str):
        return text(_plain(value), language)
    if name == WORDS:
        return {choice: words[:1].upper() + words[1:] for choice, words in choices(value, language).items()}
    return value if name == "default" else _in(value, language)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [_plain(value[name]) for name in ("title", "description") if isinstance(value.get(name), str)]
        return own + [found for name, inner in value.items() if name != "default" for found in _texts(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _texts(inner)]
    return []


def _plain(english: str) -> str:
    return _REQUIREMENT.sub("", english)
