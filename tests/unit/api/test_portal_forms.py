"""What the exchange describes is what the portal can draw: a new kind needs no line there (issue 5 point 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api_world import ApiWorld

from centrale.kinds.registry import KINDS
from centrale.wording.catalogue import Language
from centrale.wording.forms import form_of

PORTAL = Path(__file__).parents[3] / "portal" / "src"
PLAIN = {"string", "integer", "number", "boolean", "array", "object", "null"}
"""The types that `schema-form/SchemaForm.tsx` and `ListField.tsx` draw, whatever they stand for."""


def known_meanings() -> set[str]:
    """What the portal has a field of its own for."""
    forms = (PORTAL / "schema-form" / "semantic.tsx").read_text(encoding="utf-8")
    table = forms[forms.index("export const SEMANTIC") :]
    things = (PORTAL / "things" / "ThingField.tsx").read_text(encoding="utf-8")
    return {*re.findall(r"^  '?([a-z-]+)'?:", table, re.M), *re.findall(r"\['x-centrale'\] === '([a-z-]+)'", things)}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside `schema`."""
    if isinstance(schema, dict):
        if "type" in schema or "anyOf" in schema or "oneOf" in schema or "$ref" in schema:
            yield schema
        for inner in schema.values():
            yield from parts(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from parts(inner)


def undrawable(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts that the portal's form would not know what to make of."""
    return [part for part in parts(schema) if not _is_drawn(part)]


def _is_drawn(part: dict[str, Any]) -> bool:
    something = [choice for choice in part.get("anyOf", ()) if choice.get("type") != "null"]
    if "anyOf" in part and len(something) != 1:
        return False
    if "oneOf" in part and "propertyName" not in part.get("discriminator", {}):
        return False
    return not isinstance(part.get("type"), str) or part["type"] in PLAIN


def test_every_kind_is_drawn_and_what_its_fields_stand_for_is_known_to_the_portal() -> None:
    known = known_meanings()
    assert {"destination", "sound", "prefix", "own-number"} <= known
    for kind in KINDS.values():
        schema = form_of(kind.settings, Language.ENGLISH)
        assert undrawable(schema) == [], kind.name
        assert {part["x-centrale"] for part in parts(schema) if "x-centrale" in part} <= known, kind.name


async def test_the_forms_that_the_portal_draws_by_their_name_are_drawn_too(world: ApiWorld) -> None:
    named = {
        name
        for page in PORTAL.rglob("*.tsx")
        for name in re.findall(r'\bform="([a-z_-]+)"', page.read_text(encoding="utf-8"))
    }
    assert {"account", "channel", "number"} <= named
    for name in named:
        form = (await world.platform.get(f"/api/v1/forms/{name}")).json()
        assert undrawable(form["fields"]) == [], name
