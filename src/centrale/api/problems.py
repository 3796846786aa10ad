"""Errors as RFC 9457 problem details: what is wrong, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from centrale.accounts import errors
from centrale.accounts.database import away
from centrale.accounts.errors import Broken, Use
from centrale.accounts.vault import VaultError
from centrale.api.naming import Naming, as_it_stands, in_words, naming_of
from centrale.api.speaking import preferred
from centrale.api.steps import trace_in_words
from centrale.telephony.switch import SwitchError
from centrale.wording.catalogue import Language
from centrale.wording.places import small
from centrale.wording.refusals import refusal
from centrale.wording.traces import told

MEDIA_TYPE = "application/problem+json"


class Place(StrEnum):
    """The part of the request that a field stands in."""

    BODY = "body"
    QUERY = "query"
    PATH = "path"
    HEADER = "header"


class FieldProblem(BaseModel):
    """One thing wrong with one field."""

    place: Place = Field(title="Part of the request", serialization_alias="in")
    field: str = Field(title="Field", description="JSON pointer (RFC 6901), such as /settings/members/0.")
    code: str = Field(title="Code", description="For programs; it stays when the message is reworded.")
    message: str = Field(title="What is wrong, and what to do")


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(title="Kind of problem", description="urn:centrale:problem:…; for programs.")
    title: str = Field(title="The kind of problem, in words")
    status: int = Field(title="HTTP status")
    detail: str = Field(title="What is wrong here, and what to do")
    errors: list[FieldProblem] = Field(default_factory=list, title="What is wrong with which field")
    used_by: list[Use] = Field(default_factory=list, title="Where the thing is used, when that is the problem")
    broken: list[Broken] = Field(
        default_factory=list, title="Which saved expectations it would break, each with the trace of its call"
    )


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        kind: str | None = None,
        errors: Sequence[FieldProblem] = (),
        used_by: Sequence[Use] = (),
        broken: Sequence[Broken] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.problem = Problem(
            type=f"urn:centrale:problem:{kind or _slug(status.phrase)}",
            title=status.phrase,
            status=status,
            detail=detail,
            errors=list(errors)[:MOST_TOLD],
            used_by=list(used_by),
            broken=list(broken),
        )

    def response(self, asked: Headers, named: Naming = as_it_stands) -> Response:
        """The problem on the wire, in the language that the request's headers `asked` for, with its fields `named`."""
        language = preferred(asked)
        told = _in(language, self.problem, named)
        return Response(
            orjson.dumps(_printable(told.model_dump(mode="json", by_alias=True, exclude_defaults=True))),
            status_code=self.status,
            media_type=MEDIA_TYPE,
            headers={**self.headers, "Content-Language": language, "Vary": "Accept-Language"},
        )


def not_found(what: str) -> ProblemError:
    """404; the same words whether the thing does not exist or belongs to another account (ACC-1)."""
    return ProblemError(HTTPStatus.NOT_FOUND, f"There is no {what}.")


def install(app: FastAPI) -> None:
    """Makes every refusal of the domain and of the framework a problem."""

    @app.exception_handler(ProblemError)
    async def own(request: Request, error: ProblemError) -> Response:
        return await _answer(request, error)

    @app.exception_handler(errors.AccountsError)
    async def domain(request: Request, error: errors.AccountsError) -> Response:
        return await _answer(request, of_domain(error))

    @app.exception_handler(RequestValidationError)
    async def request(request: Request, error: RequestValidationError) -> Response:
        return await _answer(request, _of_request(error))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        detail = _DETAILS.get(status, f"{error.detail}.").format(method=request.method, path=request.url.path)
        headers = dict(error.headers or {})
        if status is HTTPStatus.METHOD_NOT_ALLOWED and (possible := _methods(request)):
            headers["Allow"] = ", ".join(possible)
        return ProblemError(status, detail, headers=headers).response(request.headers)

    @app.exception_handler(SQLAlchemyError)
    async def storage(request: Request, error: SQLAlchemyError) -> Response:
        if (unavailable := away(error)) is None:
            raise error
        return await _answer(request, of_domain(unavailable))

    @app.exception_handler(DataError)
    async def unstorable(request: Request, _error: DataError) -> Response:
        detail = "A value cannot be stored. Take out control characters, and use smaller numbers."
        return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail).response(request.headers)

    @app.exception_handler(SwitchError)
    async def switch(request: Request, _error: SwitchError) -> Response:
        detail = "The telephone switch cannot be reached now. Try again in a few seconds; /healthz says more."
        return _away(detail).response(request.headers)

    @app.exception_handler(VaultError)
    async def vault(request: Request, error: VaultError) -> Response:
        return _away(_sentence(str(error))).response(request.headers)


async def _answer(request: Request, error: ProblemError) -> Response:
    named = await naming_of(request) if error.problem.errors else as_it_stands
    return error.response(request.headers, named)


def _in(language: Language, problem: Problem, named: Naming) -> Problem:
    broken = [_broken_in(language, it) for it in problem.broken]
    uses = in_words(problem.used_by, language)
    found = [it.model_copy(update={"message": refusal(it.message, language)}) for it in problem.errors]
    if problem.errors and problem.detail == _summary(problem.errors):
        detail = _summary(found, lambda field: named(field, language), _MORE[language])
    elif broken:
        detail = refusal(_would_break(broken), language)
    elif uses:
        head = refusal(problem.detail, language).removesuffix(".")
        detail = f"{head}: {'; '.join(it.words for it in uses)}. {refusal('Take it out there first.', language)}"
    else:
        detail = refusal(problem.detail, language)
    title = refusal(problem.title, language).removesuffix(".")
    update = {"title": title, "detail": detail, "errors": found, "used_by": uses, "broken": broken}
    return problem.model_copy(update=update)


_MORE = MappingProxyType({Language.ENGLISH: "and {count} more", Language.DUTCH: "en nog {count}"})


def _would_break(broken: Sequence[Broken]) -> str:
    detail = (
        f"{_sentence(str(errors.BreaksExpectations(broken)))} To do it all the same, add ?despite_expectations=true."
    )
    return detail


def _broken_in(language: Language, broken: Broken) -> Broken:
    trace = tuple(step.model_dump(mode="json") for step in trace_in_words(broken.trace, language))
    expected, found = told(broken.expected, language), told(broken.found, language)
    return replace(broken, expected=expected, found=found, trace=trace)


def _methods(request: Request) -> list[str]:
    """What is possible at the request's address; FastAPI would name the methods of the first route there only."""
    paths: dict[str, dict[str, object]] = request.app.openapi()["paths"]
    here = (methods for path, methods in paths.items() if compile_path(path)[0].match(request.url.path))
    return sorted({method.upper() for methods in here for method in methods})


def of_domain(error: errors.AccountsError) -> ProblemError:
    """The problem that a refusal of the domain is."""
    match error:
        case errors.Invalid(problems=problems):
            found = [
                FieldProblem(
                    place=Place.BODY,
                    field=pointer(p.field),
                    code=p.code,
                    message=_sentence(reworded(p.code, p.message)),
                )
                for p in problems
            ]
            return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, _summary(found), kind="invalid", errors=found)
        case errors.NotFound():
            return not_found(f"{error.object_type} {error.key}")
        case errors.Conflict(uses=uses, field=field, message=message):
            detail = _sentence(message)  # where it is used is told when it is known who reads it
            found = [FieldProblem(place=Place.BODY, field=pointer(field), code="conflict", message=detail)]
            return ProblemError(
                HTTPStatus.CONFLICT,
                detail,
                kind="in-use" if uses else "conflict",
                errors=found if field else (),
                used_by=uses,
            )
        case errors.BreaksExpectations(broken=broken):
            return ProblemError(HTTPStatus.CONFLICT, _would_break(broken), kind="breaks-expectations", broken=broken)
        case _:
            return _away(_sentence(str(error)))


def field_problems(error: errors.Invalid | errors.Conflict, language: Language) -> list[FieldProblem]:
    """What is wrong with which field, in `language`, for an answer that is no refusal."""
    problem = of_domain(error).problem
    found = problem.errors or [FieldProblem(place=Place.BODY, field="", code="conflict", message=problem.detail)]
    return [
        FieldProblem.model_validate(_printable({**it.model_dump(), "message": refusal(it.message, language)}))
        for it in found
    ]


def pointer(path: str) -> str:
    """`settings.members[0]` as the JSON pointer `/settings/members/0`."""
    return "".join(f"/{_escaped(part)}" for part in re.split(r"[.\[\]]+", path) if part)


MOST_TOLD = 100
"""Problems of one request that are told one by one."""


def _of_request(error: RequestValidationError) -> ProblemError:
    told = error.errors()[:MOST_TOLD]
    found = [_field_problem(problem["loc"], problem["type"], problem["msg"]) for problem in told]
    if any(problem.place is Place.PATH for problem in found):
        return not_found("such thing here; see /docs for the form of addresses")
    if any(problem.code == "json_invalid" for problem in found):
        return ProblemError(HTTPStatus.BAD_REQUEST, "The body is not JSON. Correct it and send it again.")
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, _summary(found), kind="invalid", errors=found)


def _field_problem(loc: Sequence[int | str], code: str, message: str) -> FieldProblem:
    place, *path = loc
    field = "".join(f"/{_escaped(str(part))}" for part in path)
    return FieldProblem(place=Place(str(place)), field=field, code=code, message=_sentence(reworded(code, message)))


def reworded(code: str, message: str) -> str:
    """Pydantic's terse messages for programmers, as advice to whoever filled in the form."""
    if message.startswith("Value error, Expected UploadFile"):
        code = "no_file"
    return _ADVICE.get(code, message.removeprefix("Value error, "))


_ADVICE = {
    "missing": "is required",
    "no_file": "send it as a file, with a name",
    "extra_forbidden": "is not a field here; check the spelling",
    "model_attributes_type": "needs an object with fields",
    "timezone_aware": "needs a time zone, such as 2026-03-02T09:00:00Z",
}

_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at {path}. See /docs for what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "{method} is not possible at {path}. The Allow header says what is.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large. Send less at once.",
    HTTPStatus.REQUEST_TIMEOUT: "The rest of the body did not come. Send it again.",
    HTTPStatus.BAD_REQUEST: "The body cannot be read. Correct it and send it again.",
}


def _away(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "2"})


def _summary(
    found: Sequence[FieldProblem], named: Callable[[str], str] | None = None, more: str = _MORE[Language.ENGLISH]
) -> str:
    """What is wrong with the first field, `named` in words, and how many others there are."""
    first = found[0]
    more = f" ({more.format(count=len(found) - 1)})" if len(found) > 1 else ""
    if not first.field:
        return first.message
    name = first.field if named is None else named(first.field)
    return f"{name[:1].upper()}{name[1:]}: {small(first.message)}{more}"


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _slug(phrase: str) -> str:
    return phrase.lower().replace(" ", "-").replace("'", "")


def _printable(value: object) -> object:
    """Lone surrogates, which a request can contain and JSON in UTF-8 cannot, as question marks."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_printable(inner) for inner in value]
    return value
