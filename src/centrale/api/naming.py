"""What refusals call fields and things: as the forms do in which somebody filled them in (issue 5 point 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import orjson
from fastapi import Request
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic import BaseModel

from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import Use
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans_fields import SchemaIn
from centrale.accounts.web_users import WebUserIn
from centrale.kinds.registry import KINDS
from centrale.wording.catalogue import Language, catalogue
from centrale.wording.places import parts_of, place_in_words

_FORMS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"account": AccountIn, "channel": ChannelIn, "number": NumberIn, "schema": SchemaIn, "web user": WebUserIn}
)
"""By the type of the thing that uses another one."""

_EVERY_KIND = tuple(kind.settings for kind in KINDS.values())


Naming = Callable[[str, Language], str]
"""What a field of a request is called, by its JSON pointer."""


def as_it_stands(pointer: str, _language: Language) -> str:
    """For refusals without a request: `settings › members › 0`."""
    return pointer.removeprefix("/").replace("/", " › ")


async def naming_of(request: Request) -> Naming:
    """Names the fields of what `request` sent: by the model of its route, and of an extension by its kind too."""
    route = request.scope.get("route")
    field = route.body_field if isinstance(route, APIRoute) else None
    model = getattr(field, "type_", None) or getattr(getattr(field, "field_info", None), "annotation", None)
    is_file = request.headers.get("content-type", "").startswith("multipart/")  # it was read, and names no fields
    models = (model,) if isinstance(model, type) and issubclass(model, BaseModel) and not is_file else ()
    # A form with files is a stream that has been read.
    is_form = isinstance(getattr(field, "field_info", None), Form)
    return partial(_named, models, _kind(await request.body() if models and not is_form else b""))


def _named(models: tuple[type[BaseModel], ...], kind: str, pointer: str, language: Language) -> str:
    path = parts_of(pointer)
    if path[:1] == ["settings"] and len(path) > 1:
        return _setting(kind, path[1:], language)
    return place_in_words(models, path, language)


def _kind(body: bytes) -> str:
    """Of the extension that was sent; empty when it does not say, as a change need not."""
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(sent.get("kind", "")) if isinstance(sent, dict) else ""


def _setting(kind: str, path: list[str], language: Language) -> str:
    models = (KINDS[kind].settings,) if kind in KINDS else _EVERY_KIND
    return place_in_words(models, path, language)


def in_words(uses: Iterable[Use], language: Language) -> list[Use]:
    """Each with where it is, in words: `extension 300, member 1`."""
    return [replace(use, words=_use(use, language)) for use in uses]


def _use(use: Use, language: Language) -> str:
    things = catalogue(language).things
    thing = things.get(use.object_type, use.object_type)
    key = use.key.removeprefix("1/") if use.object_type == "plan" else use.key  # most have no other schema
    if use.object_type == "plan" and use.field.startswith("entries."):
        place = use.field.removeprefix("entries.")  # in a plan it is the number that leads there
    elif use.object_type == "extension" and use.field.startswith("settings."):
        place = _setting(use.kind, parts_of(use.field)[1:], language)
    else:
        models = (_FORMS[use.object_type],) if use.object_type in _FORMS else ()
        place = place_in_words(models, parts_of(use.field), language)
        place = things.get(place, place)
    return f"{thing} {key}, {place}"
