"""Changing things over HTTP: versions (ETag, If-Match) and merge patches (RFC 7396)."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Body, Depends, Header, Response
from pydantic import BaseModel, ValidationError

from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.api.problems import ProblemError

M = TypeVar("M", bound=BaseModel)
In = TypeVar("In", bound=Input)

DEEPEST = 20
"""Levels of objects in a merge patch; no settings are nested so deep."""


def version_of(thing: BaseModel) -> str:
    """The entity tag of a stored thing: its contents, digested. Secrets are no part of it."""
    canonical = orjson.dumps(thing.model_dump(), default=_sorted_set, option=orjson.OPT_SORT_KEYS)
    return f'"{sha256(canonical).hexdigest()[:24]}"'


def versioned(response: Response, thing: M) -> M:
    """`thing`, with its version in the response's ETag header."""
    response.headers["ETag"] = version_of(thing)
    return thing


class Precondition:
    """The If-Match header: "change it only if it is still as I saw it"."""

    def __init__(self, if_match: Annotated[str | None, Header(title="Version that the change is meant for")] = None):
        self._versions = None if if_match is None else {version.strip() for version in if_match.split(",")}

    def holds_for(self, stored: BaseModel) -> None:
        """Raises 412 when somebody changed the thing meanwhile. Without the header, the last writer wins."""
        if self._versions is None or "*" in self._versions or version_of(stored) in self._versions:
            return
        detail = "It was changed meanwhile. Fetch it again, then repeat your change."
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, detail)


IfMatch = Annotated[Precondition, Depends()]

MergePatch = Annotated[dict[str, Any], Body(media_type="application/merge-patch+json")]


def patch_of(model: type[Input]) -> dict[str, Any]:
    """`openapi_extra` of an operation that takes a merge patch of `model`."""
    description = f"RFC 7396 merge patch: any of the fields of {model.__name__}; null takes a value away."
    schema = {"type": "object", "title": f"{model.__name__}Patch", "description": description}
    content = {media: {"schema": schema} for media in ("application/merge-patch+json", "application/json")}
    return {"requestBody": {"required": True, "content": content}}


def merged(model: type[In], stored: BaseModel, patch: dict[str, Any]) -> In:
    """`stored` with `patch` applied, as the input of a change. Raises `Invalid`."""
    if _depth(patch) > DEEPEST:
        raise Invalid.field("", "the patch is nested too deeply")
    known = set(model.model_fields) & set(stored.model_dump())
    document = _merge(stored.model_dump(mode="json", include=known), patch)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise Invalid.of(error) from error


def _merge(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None and isinstance(target, dict) and target.get(name) is None:
            # A field that may be empty keeps its null; RFC 7396 would leave it out, which means the same here.
            result.pop(name, None)
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = _merge(result.get(name), value)
    return result


def _depth(patch: Any) -> int:
    depth, level = 0, [patch]
    while level and depth <= DEEPEST:
        depth += 1
        level = [value for thing in level if isinstance(thing, dict) for value in thing.values()]
    return depth


def _sorted_set(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
