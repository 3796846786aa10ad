"""Giving a sound to an extension: a copy of its own, which lives on when the original goes (SND-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from centrale.accounts import extensions, sounds
from centrale.accounts.errors import Invalid
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import SoundRow
from centrale.accounts.sounds import Origin, SoundOut, copy_durably, file_of, new_file
from centrale.accounts.unit import Unit
from centrale.kinds.registry import KINDS
from centrale.routing.snapshot import AccountId

Schema = Mapping[str, Any]


async def copy_to(
    unit: Unit,
    account: AccountId,
    folder: Path,
    file: str,
    extension: str,
    *,
    field: str | None,
    maker: str,
    now: datetime,
) -> SoundOut:
    """Copies a sound and makes the copy what `extension` plays; gives the copy.

    `field`: which of its sounds (`question`, `welcome`; see `sound_fields`), by default the first. A list of sounds
    gets it at its end. Raises `NotFound`, `Invalid`, OSError.
    """
    await unit.lock(account)
    original = await sounds.load(unit, account, file)
    stored = await extensions.get(unit, account, extension)
    places = sound_fields(stored.kind)
    field = field or next(iter(places), None)
    if field is None or field not in places:
        known = ", ".join(places)
        raise Invalid.field("field", f"a {stored.kind} plays {f'one of: {known}' if known else 'no sound'}", "no_sound")
    row = SoundRow(
        account_id=account,
        file=new_file(Origin.COPY, now),
        name=original.name,
        note=f"{extension} {field}",
        origin=Origin.COPY,
        maker=maker,
        seconds=original.seconds,
        created=now,
    )
    made = await sounds.insert(unit, row)
    settings = _with(stored.settings, places[field], row.file)
    data = ExtensionIn(number=stored.number, kind=stored.kind, name=stored.name, settings=settings)
    await extensions.change(unit, account, extension, data)
    await asyncio.to_thread(copy_durably, file_of(folder, account, file), file_of(folder, account, row.file))
    return made


@cache
def sound_fields(kind: str) -> dict[str, tuple[str, ...]]:
    """Where a kind plays sounds: by the name that people use (`question`), the path in its settings."""
    schema = KINDS[kind].settings.model_json_schema()
    found: dict[str, tuple[str, ...]] = {}
    for path in _sounds(schema, schema.get("$defs", {}), ()):
        name = ".".join(part for part in path if part not in ("[]",))
        found[name.removesuffix(".sound")] = path
    return found


def _sounds(schema: Schema, defs: Mapping[str, Schema], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if "$ref" in schema:
        yield from _sounds(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, path)
    for alternative in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _sounds(alternative, defs, path)
    if schema.get("x-centrale") == "sound":
        yield path
    elif schema.get("items", {}).get("x-centrale") == "sound":
        yield (*path, "[]")
    for name, inner in schema.get("properties", {}).items():
        yield from _sounds(inner, defs, (*path, name))


def _with(settings: Mapping[str, Any], path: tuple[str, ...], file: str) -> dict[str, Any]:
    """`settings` in which `file` is played at `path`, in place of a text that was spoken there."""
    changed = deepcopy(dict(settings))
    place = changed
    if path[-1] == "[]":
        for part in path[:-2]:
            place = _inside(place, part)
        place[path[-2]] = [*(place.get(path[-2]) or ()), file]
        return changed
    for part in path[:-1]:
        place = _inside(place, part)
    place[path[-1]] = file
    for spoken in ("text", "language"):
        if path[-1] == "sound" and spoken in place:
            place[spoken] = None
    return changed


def _inside(place: dict[str, Any], part: str) -> dict[str, Any]:
    inner = place.get(part)
    if not isinstance(inner, dict):
        inner = place[part] = {}
    return inner
