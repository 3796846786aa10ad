"""The language of whoever reads the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated

import typer

from centrale.wording import Language

LanguageOption = Annotated[Language | None, typer.Option(help="Of what is told; else that of the terminal (LANG).")]


def reader(asked: Language | None, environment: Mapping[str, str] = os.environ) -> Language:
    """What was `asked` for, else what the terminal is set to (LC_ALL, LC_MESSAGES, LANG), else English."""
    if asked is not None:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if setting := environment.get(name):
            return Language.DUTCH if setting.lower().startswith("nl") else Language.ENGLISH
    return Language.ENGLISH
