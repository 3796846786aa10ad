"""Every language says everything, with the same values in it (QUE-13)."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import centrale
from centrale.voice import phrasing
from centrale.voice.languages import LANGUAGES
from centrale.voice.phrasing import STYLES, placeholders, texts
from centrale.voice.prompts import Prompt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_worded_in_every_language(language: str) -> None:
    assert set(texts(language)) == set(Prompt)
    assert all(text == text.strip() and text for text in texts(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_as_sentences(language: str) -> None:
    assert [key for key, text in texts(language).items() if text[-1] not in ".?!"] == []


def test_every_prompt_is_said_somewhere() -> None:
    house = Path(centrale.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in house.rglob("*.py") if file.name != "prompts.py")
    assert {prompt.name for prompt in Prompt} - set(re.findall(r"\bPrompt\.([A-Z_]+)", code)) == set()


@pytest.mark.parametrize("prompt", Prompt)
def test_all_languages_take_the_same_values_in_the_same_style(prompt: Prompt) -> None:
    taken = {language: dict(placeholders(prompt, language)) for language in LANGUAGES}
    assert all(one == other for one, other in itertools.pairwise(taken.values())), taken
    assert set(taken["en"].values()) <= set(STYLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_differ(language: str) -> None:
    others = [texts(other) for other in LANGUAGES if other != language]
    copied = [key for key, text in texts(language).items() if any(text == other[key] for other in others)]
    assert copied == []


def test_a_wrong_combination_does_not_say_which_half_was_wrong() -> None:
    for language, extension, pin in [
        ("nl", "extensienummer", "pincode"),
        ("en", "extension", "pin"),
        ("de", "Nebenstelle", "Geheimzahl"),
        ("es", "extensión", "pin"),
        ("lv", "numura", "pin koda"),
    ]:
        text = texts(language)[Prompt.WRONG_COMBINATION]
        assert extension in text
        assert pin in text


def test_a_language_file_that_lacks_a_prompt_is_named_with_the_prompt(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path_factory.mktemp("package")
    (package / "texts").mkdir()
    lines = [f'{prompt} = "x."' for prompt in Prompt if prompt is not Prompt.GOODBYE]
    (package / "texts" / "xx.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(phrasing, "files", lambda _: package)
    with pytest.raises(ValueError, match=r"xx\.toml .* goodbye$"):
        texts("xx")
