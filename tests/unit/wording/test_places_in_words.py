"""Refusals name fields as the forms do: no identifier is shown to whoever filled one in (issue 5 point 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from centrale.api.resources.forms import FORMS
from centrale.kinds.group import Group
from centrale.kinds.menu import Menu
from centrale.kinds.registry import KINDS
from centrale.kinds.user import User
from centrale.wording.catalogue import Language, catalogue
from centrale.wording.forms import form_of
from centrale.wording.places import parts_of, place_in_words, rows_of

MODELS: list[type[BaseModel]] = [*(kind.settings for kind in KINDS.values()), *FORMS.values()]


def every_path(schema: dict[str, Any], defs: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if "$ref" in schema:
        yield from every_path(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, path)
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from every_path(alternative, defs, path)
    if "items" in schema:
        yield (*path, "0")
        yield from every_path(schema["items"], defs, (*path, "0"))
    for name, inner in schema.get("properties", {}).items():
        yield (*path, name)
        yield from every_path(inner, defs, (*path, name))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_called_what_its_form_calls_it(model: type[BaseModel], language: Language) -> None:
    form = form_of(model, language)
    for path in set(every_path(form, form.get("$defs", {}))):
        named = place_in_words([model], path, language)
        title = named.rpartition(", ")[2].rstrip(" 0123456789")
        assert title, path
        assert "_" not in named, path


@pytest.mark.parametrize("language", Language)
def test_every_list_has_a_word_for_one_of_its_rows(language: Language) -> None:
    lists = {title for model in MODELS for title in rows_of(form_of(model, language))}
    assert lists == set(catalogue(language).rows)


@pytest.mark.parametrize(
    ("model", "path", "english", "dutch"),
    [
        (Group, "members[0]", "member 1", "lid 1"),
        (Menu, "options[1].destination", "option 2, destination", "optie 2, bestemming"),
        (User, "/forwards/busy", "forwards, when busy", "doorschakelingen, bij bezet"),
        (User, "forwards.nonsense_here", "forwards, nonsense here", "forwards, nonsense here"),
        (User, "", "", ""),
    ],
)
def test_fields_by_the_path_that_the_code_has(model: type[BaseModel], path: str, english: str, dutch: str) -> None:
    assert place_in_words([model], parts_of(path), Language.ENGLISH) == english
    assert place_in_words([model], parts_of(path), Language.DUTCH) == dutch
