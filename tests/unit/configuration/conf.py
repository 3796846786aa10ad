"""Reads Asterisk's configuration files as Asterisk does, as far as we use that."""

from __future__ import annotations

import re
from pathlib import Path

from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, render

RUNTIME = Runtime(
    "22.10.1", Path("/opt/asterisk/sbin/asterisk"), Path("/opt/asterisk/modules"), Path("/opt/asterisk/share")
)

Sections = dict[str, list[tuple[str, str]]]


def rendered(settings: Settings, apology: Path | None = None, extras: Extras | None = None) -> dict[str, str]:
    """Every file of this exchange's Asterisk, by name."""
    places = render(settings, RUNTIME, apology, extras)
    return {path.name: path.read_text(encoding="utf-8") for path in places.etc.iterdir()}


def sections(text: str) -> Sections:
    """Sections in order; each with its pairs in order. `=` and `=>` mean the same."""
    found: Sections = {}
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[([^\]]+)\]", line):
            assert heading[1] not in found, f"[{heading[1]}] stands there twice"
            found[heading[1]] = []
        elif line.strip():
            name, sign, value = re.split(r"\s*(=>|=)\s*", line.strip(), maxsplit=1)
            assert sign
            found[list(found)[-1]].append((name, value))
    return found
