"""What a field is called where somebody filled it in: `settings.members[0]` is `member 1`, as its form has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.forms import form_of

_PARTS = re.compile(r"[^.\[\]/]+")


def parts_of(path: str) -> list[str]:
    """Of a path (`settings.members[0]`) or a JSON pointer without escapes (`/settings/members/0`)."""
    return _PARTS.findall(path)


def place_in_words(models: Sequence[type[BaseModel]], path: Sequence[str], language: Language) -> str:
    """`period 2, forward to`; of the first of `models` that has such a field. What none has stays as it is."""
    for model in models:
        form = form_of(model, language)
        titles = list(_titles([form], form.get("$defs", {}), path))
        if titles and titles[-1] is not None:
            return ", ".join(_inside(it, language) for it in titles if it)
    return ", ".join(part.replace("_", " ") for part in path)


def rows_of(form: Mapping[str, Any]) -> Iterator[str]:
    """The titles of all lists in a form: each needs a word for one of its rows."""
    for schema in (form, *form.get("$defs", {}).values()):
        for field in schema.get("properties", {}).values():
            if any(it.get("type") == "array" for it in (field, *field.get("anyOf", ()))):
                yield field["title"]


def _titles(schemas: list[Any], defs: Mapping[str, Any], path: Sequence[str]) -> Iterator[str | None]:
    """One for each part of the path, and None where it leaves the form. A row's is made of its list's and its place;
    the list itself has none."""
    for at, part in enumerate(path):
        known = [it for schema in schemas for it in _resolved(schema, defs)]
        if _is_place(part):
            schemas = [it["items"] for it in known if "items" in it]
            continue
        found = next((it["properties"][part] for it in known if part in it.get("properties", {})), None)
        if found is None:
            yield None
            return
        row = path[at + 1] if at + 1 < len(path) and _is_place(path[at + 1]) else None
        title = found.get("title", "")
        yield title if row is None else f"{title}\0{int(row) + 1}"
        schemas = [found]


def _is_place(part: str) -> bool:
    """In a list; names of fields can be anything that somebody sent, such as ²."""
    return part.isascii() and part.isdigit()


def _resolved(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema, what it refers to, and its alternatives."""
    yield schema
    if "$ref" in schema:
        yield from _resolved(defs[schema["$ref"].rsplit("/", 1)[-1]], defs)
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _resolved(alternative, defs)


def _inside(title: str, language: Language) -> str:
    """As it stands inside a sentence: `when busy`, but `SMS notice`, `PIN`; a row by what one of its list is called."""
    title, is_row, row = title.partition("\0")
    if is_row:
        return f"{catalogue(language).rows.get(title, small(title))} {row}"
    return small(title)


def small(title: str) -> str:
    """Without its capital, but for `SMS notice` and `PIN`."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
