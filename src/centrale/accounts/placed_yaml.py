"""Reads YAML so that every value can be told its line, and as people mean it.

Scalars stay texts, but for `true`, `false` and nothing (`null`, `~`): the model that the data is for knows what is a
number. So an area code `020` is not eight times two, a number +31… keeps its plus, and a person may be called No.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a value stands: keys and, in lists, places from 0."""

DEEPEST = 50
"""No file of ours comes near; deeper ones are made to exhaust the reader."""

_PLAIN: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C, where PyYAML was built with it: ten times as fast."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a file says, and where."""

    value: Any
    lines: dict[Path, int] = field(repr=False)
    """From 1."""

    def line(self, path: Path) -> int:
        """Where `path` stands; for what is not in the file, where the nearest thing around it does."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class NotYaml(Exception):
    """The text cannot be read; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read(text: str) -> Placed:
    """Raises `NotYaml`, also for what is legal and never written by us: anchors, tags, keys that stand twice."""
    lines: dict[Path, int] = {}
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)
        document = [event for event in (next(events), next(events)) if isinstance(event, yaml.DocumentStartEvent)]
        if not document:
            raise NotYaml(1, "is empty")
        value = _value(next(events), events, (), lines)
        after: list[Any] = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYaml(1 if mark is None else mark.line + 1, error.problem or "is not YAML") from error
    except yaml.YAMLError as error:
        raise NotYaml(1, f"is not YAML ({error})") from error
    if after:
        raise NotYaml(after[0].start_mark.line + 1, "begins a second document")
    return Placed(value, lines)


def _value(event: Any, events: Iterator[Any], path: Path, lines: dict[Path, int]) -> Any:
    line = event.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise NotYaml(line, "repeats something by a mark (& and *); write it out")
    if event.tag is not None:
        raise NotYaml(line, f"has a tag ({event.tag}), which means nothing here")
    if len(path) > DEEPEST:
        raise NotYaml(line, "is nested too deep")
    match event:
        case yaml.SequenceStartEvent():
            return list(_items(events, path, lines))
        case yaml.MappingStartEvent():
            return dict(_pairs(events, path, lines))
    unquoted = event.implicit[0]
    return _PLAIN[event.value] if unquoted and event.value in _PLAIN else str(event.value)


def _items(events: Iterator[Any], path: Path, lines: dict[Path, int]) -> Iterator[Any]:
    for place, event in enumerate(iter(lambda: next(events), None)):
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _value(event, events, (*path, place), lines)


def _pairs(events: Iterator[Any], path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Any]]:
    keys: set[str] = set()
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            raise NotYaml(line, "has a key that is not a word")
        key = str(event.value)
        if key in keys:
            raise NotYaml(line, f"has {key} twice")
        keys.add(key)
        lines[*path, key] = line
        yield key, _value(next(events), events, (*path, key), lines)
