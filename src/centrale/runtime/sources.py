"""Where this machine's own package tools fetch from: the mirror and the key that the private runtime uses too.

Both notations of sources.list(5) are read: one line ("deb [options] uri suite components") and deb822 (".sources").
Options (Signed-By, Trusted, …) are passed on untouched, so whatever makes the mirror trusted here does so for us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PARTIAL_SUITE = re.compile(r"-(security|updates|backports|proposed)(-|$)|/")
_OURS = frozenset({"types", "uris", "suites", "components", "enabled", "architectures"})


@dataclass(frozen=True, slots=True)
class Source:
    """One place that holds a whole distribution for this machine."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: dict[str, str] = field(default_factory=dict)

    def stanza(self, suite: str) -> str:
        """The same place, with the same options, as a deb822 source for another suite."""
        lines = ["Types: deb", f"URIs: {self.uri}", f"Suites: {suite}", "Components: main"]
        lines += [f"{name}: {value}" for name, value in self.options.items()]
        return "\n".join(lines) + "\n"


def machine_sources(etc_apt: Path) -> list[Source]:
    """All binary package sources below `etc_apt` (usually /etc/apt), in apt's order. Unreadable files are left out."""
    files = [etc_apt / "sources.list", *sorted((etc_apt / "sources.list.d").glob("*"))]
    found: list[Source] = []
    for file in files:
        if file.suffix not in {".list", ".sources"} or not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except PermissionError:
            continue
        found += _deb822(text) if file.suffix == ".sources" else _one_line(text)
    return found


def main_source(sources: Iterable[Source], codename: str) -> Source | None:
    """The one that holds the whole distribution: its release `codename` if listed, never a pocket of updates."""
    whole = [s for s in sources if "main" in s.components and not all(_PARTIAL_SUITE.search(x) for x in s.suites)]
    named = [s for s in whole if codename in s.suites]
    return next(iter(named or whole), None)


def _one_line(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        match = re.match(r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<rest>[^#]+)", line)
        if match is None:
            continue
        pairs = (option.partition("=") for option in (match["options"] or "").split())
        options = {name.title(): value.replace(",", " ") for name, _, value in pairs if name.lower() != "arch"}
        yield Source(match["uri"], (match["suite"],), tuple(match["rest"].split()), options)


def _deb822(text: str) -> Iterator[Source]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields = dict(_fields(paragraph))
        words = {name: value.split() for name, value in fields.items()}
        if "deb" not in words.get("types", []) or fields.get("enabled", "yes").lower() in {"no", "false", "0"}:
            continue
        options = {name.title(): value for name, value in fields.items() if name not in _OURS}
        for uri in words.get("uris", []):
            yield Source(uri, tuple(words.get("suites", [])), tuple(words.get("components", [])), options)


def _fields(paragraph: str) -> Iterator[tuple[str, str]]:
    """Fields with lower-case names; a value keeps its continuation lines, as an embedded key needs them."""
    name, value = "", ""
    for line in paragraph.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            value += "\n" + line
        elif ":" in line:
            if name:
                yield name, value
            name, _, value = line.partition(":")
            name, value = name.strip().lower(), value.strip()
    if name:
        yield name, value
