"""The description of the API (OpenAPI 3.1): what FastAPI finds out by itself, and what only we know.

Ours to add: that every refusal is a problem (RFC 9457), what a merge patch of a thing may hold, and that the settings
of an extension are those of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from centrale.accounts.music import MusicIn
from centrale.accounts.sounds import SoundIn
from centrale.api import once
from centrale.api.access import READS, SAFE_METHODS
from centrale.api.authentication import OPEN
from centrale.api.changing import PATCH_OF
from centrale.api.operating import METRICS
from centrale.api.problems import MEDIA_TYPE, Problem
from centrale.api.v1 import PREFIX
from centrale.api.webhook_section import section
from centrale.kinds.registry import KINDS

Schema = dict[str, Any]

REF = "#/components/schemas/"

ONLY_PATCHED = (SoundIn, MusicIn)
"""What is made by sending a file, so that no other operation takes it as JSON."""

ABOUT = """Everything that the portal does. Send a token with each request: `Authorization: Bearer centrale_…`.

Lists come in pages: give `next` of one as `?after=` for what follows. Changes are merge patches (RFC 7396); send the
`ETag` that you saw as `If-Match` to be refused (412) when somebody else was faster. Refusals are problem details
(RFC 9457): `errors` names each field by its JSON pointer. A POST with an `Idempotency-Key` is carried out once,
however often it is sent within a day. What belongs to another account does not exist (404)."""

_REFUSALS = {
    HTTPStatus.BAD_REQUEST: "The body cannot be read.",
    HTTPStatus.UNAUTHORIZED: "No token, or one that is not known.",
    HTTPStatus.FORBIDDEN: "The token may not do this.",
    HTTPStatus.NOT_FOUND: "There is no such thing in this account.",
    HTTPStatus.CONFLICT: "It collides with what is there; `used_by` lists what uses it.",
    HTTPStatus.PRECONDITION_FAILED: "It was changed meanwhile.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not JSON, or not a form where a file is sent.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Fields are wrong; `errors` names each.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many wrong tokens came from this address.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database or the switch is away; try again.",
}


def describe(app: FastAPI) -> Schema:
    """The document, made once for an app."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
        schemas = document["components"]["schemas"]
        _add_problems(document["components"])
        _add_kinds(schemas)
        for model in ONLY_PATCHED:
            _add(schemas, model.__name__, model)
        document["webhooks"] = section(lambda name, model: _add(schemas, name, model), REF)
        for path, method, operation in operations(document):
            if path.startswith(PREFIX):
                _complete(method, operation, schemas)
                _once(path, method, operation)
            elif path == METRICS:  # for a token, where the collector is not on this machine
                _complete(method, operation, schemas)
        app.openapi_schema = document
    return app.openapi_schema


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Path, method (in capitals) and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _add_problems(components: Schema) -> None:
    for leftover in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(leftover, None)
    _add(components["schemas"], "Problem", Problem)
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{REF}Problem"}}}
    components["responses"] = {
        _name(status): {"description": words, "content": content} for status, words in _REFUSALS.items()
    }


def _add_kinds(schemas: Schema) -> None:
    """`settings` of an extension: one of the kinds'."""
    names = [f"{kind.settings.__name__}Settings" for kind in KINDS.values()]
    for name, kind in zip(names, KINDS.values(), strict=True):
        _add(schemas, name, kind.settings)
    for model in ("ExtensionIn", "ExtensionOut"):
        settings = schemas[model]["properties"]["settings"]
        settings.pop("additionalProperties", None)
        settings["anyOf"] = [{"$ref": REF + name} for name in names]


def _add(schemas: Schema, name: str, model: type[BaseModel]) -> None:
    mode: JsonSchemaMode = "serialization" if model is Problem else "validation"
    schema = model.model_json_schema(ref_template=REF + "{model}", mode=mode)
    parts: Schema = schema.pop("$defs", {})
    # Two things of one name are two things: the later one is called after the model that it is a part of.
    other = {REF + part: f"{REF}{name}{part}" for part in parts if schemas.get(part, parts[part]) != parts[part]}
    schemas[name] = _renamed(schema, other)
    for part, content in parts.items():
        schemas[other.get(REF + part, REF + part).removeprefix(REF)] = _renamed(content, other)


def _renamed(schema: Any, other: Mapping[str, str]) -> Any:
    """With every reference that `other` has leading where it says."""
    if isinstance(schema, dict):
        found = {key: _renamed(value, other) for key, value in schema.items()}
        return {**found, "$ref": other.get(found["$ref"], found["$ref"])} if "$ref" in found else found
    return [_renamed(value, other) for value in schema] if isinstance(schema, list) else schema


def _complete(method: str, operation: Schema, schemas: Schema) -> None:
    patched = operation.pop(PATCH_OF, None)
    if patched is not None:
        name = f"{patched.removesuffix('In')}Patch"
        schemas.setdefault(name, _patch_of(patched, name, schemas))
        schema = {"schema": {"$ref": REF + name}}
        content = {"application/merge-patch+json": schema, "application/json": schema}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"].pop("422", None)
    for status in _refusals(method, operation):
        operation["responses"][str(int(status))] = {"$ref": f"#/components/responses/{_name(status)}"}


def _once(path: str, method: str, operation: Schema) -> None:
    """What makes or changes something takes a key with which it is carried out once."""
    if method == "POST" and (method, path) not in OPEN and not READS.items() <= operation.items():
        operation.setdefault("parameters", []).append(once.ABOUT)
        response = {"$ref": f"#/components/responses/{_name(HTTPStatus.BAD_REQUEST)}"}
        operation["responses"].setdefault(str(int(HTTPStatus.BAD_REQUEST)), response)
        response = {"$ref": f"#/components/responses/{_name(HTTPStatus.UNPROCESSABLE_ENTITY)}"}
        operation["responses"].setdefault(str(int(HTTPStatus.UNPROCESSABLE_ENTITY)), response)


def _refusals(method: str, operation: Schema) -> Iterator[HTTPStatus]:
    places = {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())}
    yield from (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
    yield HTTPStatus.SERVICE_UNAVAILABLE
    if any(place == "path" for place, _ in places):
        yield HTTPStatus.NOT_FOUND
    if any(place != "path" for place, _ in places) or "requestBody" in operation:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    if "requestBody" in operation:
        yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if method not in SAFE_METHODS:
        yield HTTPStatus.CONFLICT
    if ("header", "if-match") in places:
        yield HTTPStatus.PRECONDITION_FAILED


def _patch_of(model: str, name: str, schemas: Schema) -> Schema:
    """The schema of a merge patch: any of the fields, and null for those that can go back to a default."""
    whole: Schema = deepcopy(schemas[model] if model in schemas else schemas[f"{model}-Input"])
    required = set(whole.pop("required", ()))
    for key, field in whole["properties"].items():
        field.pop("default", None)
        nullable = {"type": "null"} in field.get("anyOf", ())
        if key not in required and not nullable:
            kept = {word: field.pop(word) for word in ("title", "description") if word in field}
            whole["properties"][key] = {**kept, "anyOf": [field, {"type": "null"}]}
    whole["title"] = name
    whole["description"] = f"Merge patch (RFC 7396) of {model}: any of its fields; null goes back to the default."
    return whole


def _name(status: HTTPStatus) -> str:
    return status.phrase.title().replace(" ", "").replace("-", "")
