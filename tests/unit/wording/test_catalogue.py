"""Everything that the exchange says to administrators exists in Dutch and English (design §4, issue 5 point 5)."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel
from said import sentences

from centrale.api.resources.forms import FORMS
from centrale.kinds.registry import KINDS
from centrale.routing.schedule_times import Weekday
from centrale.wording.catalogue import Language, catalogue, choices, name_of
from centrale.wording.forms import choices_of, english_of, form_of

MODELS: list[type[BaseModel]] = [*(kind.settings for kind in KINDS.values()), *FORMS.values()]
DUTCH = catalogue(Language.DUTCH)


def places_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def every_choice() -> set[type[Enum]]:
    return {Weekday, *(enum for model in MODELS for enum in choices_of(model))}


def fields_of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).items()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_title_and_description_of_a_form_exists_in_dutch(model: type[BaseModel]) -> None:
    assert english_of(model) - set(DUTCH.texts) == set()


def test_every_sentence_of_a_summary_exists_in_dutch() -> None:
    assert {said: place for said, place in sentences().items() if said not in DUTCH.texts} == {}


@pytest.mark.parametrize("english", DUTCH.texts)
def test_a_translation_fills_in_what_the_english_fills_in(english: str) -> None:
    if english in sentences():
        assert places_of(DUTCH.texts[english]) == places_of(english)


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {text for model in MODELS for text in english_of(model)} | set(sentences())
    assert set(DUTCH.texts) - said == set()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("enum", sorted(every_choice(), key=name_of), ids=name_of)
def test_every_choice_is_called_something_in_both_languages(enum: type[Enum], language: Language) -> None:
    assert set(choices(enum, language)) == {member.value for member in enum}
    assert all(words.strip() for words in choices(enum, language).values())


@pytest.mark.parametrize("language", Language)
def test_no_words_are_kept_for_a_choice_that_is_gone(language: Language) -> None:
    assert set(catalogue(language).choices) == {name_of(enum) for enum in every_choice()}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_says_what_each_field_is_to_somebody_who_has_not_read_the_requirements(
    model: type[BaseModel], language: Language
) -> None:
    for name, field in fields_of(form_of(model, language)):
        shown = f"{field.get('title', '')} {field.get('description', '')}"
        assert field.get("title"), f"{name} has no title"
        assert re.search(r"[A-Z]{2,4}-\d", shown) is None, shown


def test_a_form_is_the_models_own_schema_but_for_its_words() -> None:
    group = form_of(KINDS["group"].settings, Language.DUTCH)
    assert group["properties"]["members"]["title"] == "Leden"
    assert group["properties"]["individual_forwarding"] == {
        "default": False,
        "title": "Individuele doorschakeling toestaan",
        "description": "De eigen doorschakelingen van de leden gelden.",
        "type": "boolean",
    }
    assert group["$defs"]["ForwardedCallerId"] == {
        "type": "string",
        "enum": ["caller", "called"],
        "x-words": {"caller": "Afzendernummer van de beller", "called": "Het gebelde nummer"},
    }
    assert group["additionalProperties"] is False
    assert group["properties"]["members"]["items"]["x-centrale"] == "extension"


def test_two_kinds_may_offer_choices_of_the_same_name() -> None:
    """Both enums are called `By`."""
    words = [
        form_of(KINDS[kind].settings, Language.ENGLISH)["$defs"]["By"]["x-words"]
        for kind in ("authentication", "location_routing")
    ]
    assert [sorted(each) for each in words] == [["caller", "pin"], ["area_code", "called", "caller", "postcode"]]
