"""Changing things over HTTP: versions (ETag, If-Match) and merge patches (RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import orjson
from fastapi import Body, Depends, Header, Request, Response
from pydantic import BaseModel, ValidationError

from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.api.problems import ProblemError

M = TypeVar("M", bound=Input)
In = TypeVar("In", bound=Input)

DEEPEST = 20
"""Levels of objects in a merge patch; no settings are nested so deep."""


def version_of(thing: Input) -> str:
    """The entity tag of a stored thing: its contents, digested.

    What the system sets, such as an account's revision, is no part of it: it would differ after every change of
    something else in the account. Secrets are none either.
    """
    return version_of_contents(thing.model_dump(exclude=set(thing.not_audited)))


def version_of_contents(contents: Mapping[str, Any]) -> str:
    """The same, of a thing's fields without those that are no part of its version."""
    canonical = orjson.dumps(contents, default=_sorted_set, option=orjson.OPT_SORT_KEYS)
    return f'"{sha256(canonical).hexdigest()[:24]}"'


def versioned(response: Response, thing: M) -> M:
    """`thing`, with its version in the response's ETag header."""
    response.headers["ETag"] = version_of(thing)
    return thing


def created(response: Response, request: Request, thing: M, key: object) -> M:
    """`thing`, which was made just now under the list's own address, with its version and where it is."""
    response.headers["Location"] = f"{request.url.path}/{quote(str(key), safe='+')}"
    return versioned(response, thing)


class Precondition:
    """The If-Match header: "change it only if it is still as I saw it"."""

    def __init__(self, if_match: str | None) -> None:
        self._versions = None if if_match is None else {version.strip() for version in if_match.split(",")}

    def holds_for(self, stored: Input) -> None:
        """Raises 412 when somebody changed the thing meanwhile. Without the header, the last writer wins."""
        if self._versions is None or "*" in self._versions or version_of(stored) in self._versions:
            return
        detail = "It was changed meanwhile. Fetch it again, then repeat your change."
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, detail)


async def _precondition(
    if_match: Annotated[str | None, Header(max_length=1000, title="Version that the change is meant for")] = None,
) -> Precondition:
    return Precondition(if_match)


IfMatch = Annotated[Precondition, Depends(_precondition)]

MergePatch = Annotated[dict[str, Any], Body(media_type="application/merge-patch+json")]


async def json_only(request: Request) -> None:
    """Refuses bodies that are not JSON, rather than saying of each field that it is missing."""
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
    if request.method in ("POST", "PUT", "PATCH") and has_body and not is_json:
        detail = "Send JSON, with the header “Content-Type: application/json”."
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)


PATCH_OF = "x-patch-of"
"""Marks an operation in the OpenAPI document until `document` has put the patch's schema there."""


def patch_of(model: type[Input]) -> dict[str, Any]:
    """`openapi_extra` of an operation that takes a merge patch of `model`."""
    return {PATCH_OF: model.__name__}


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
        if value is None:
            result.pop(name, None)  # the field goes back to its default; one that has none is then missing
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
