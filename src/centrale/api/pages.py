"""Lists are handed out page by page: `?limit=` things, from behind `?after=`, the `next` of the page before."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query as QueryParameter
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from centrale.api.answers import answer
from centrale.api.csv_table import Format
from centrale.api.problems import FieldProblem, Place, ProblemError

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T] = Field(title="Things")
    next: str | None = Field(
        default=None, title="Next page", description="Give it as ?after= for the next page; empty on the last one."
    )


class Paging(BaseModel):
    """Which part of a list is asked for. `after`: the key of the last thing seen; empty for the first page."""

    limit: int
    after: str

    @property
    def fetch(self) -> int:
        """How many to fetch: one more than shown tells whether there is a next page."""
        return self.limit + 1

    @property
    def after_number(self) -> int | None:
        """The key as a number, for lists that are ordered by one."""
        if not self.after:
            return None
        if not self.after.isascii() or not self.after.isdigit() or len(self.after) > 18:
            raise unusable_cursor()
        return int(self.after)

    def page(self, fetched: Sequence[T], key: Callable[[T], object]) -> Page[T]:
        """The page of `fetched`, in which the last one only tells that there is more."""
        return self.given(list(fetched[: self.limit]), self._next(fetched, key))

    def cut(self, everything: Iterable[T], key: Callable[[T], str]) -> Page[T]:
        """The page of a short list that is at hand as a whole, in the order of its keys."""
        ordered = sorted(everything, key=key)
        return self.page([thing for thing in ordered if key(thing) > self.after][: self.fetch], key)

    def given(self, items: list[T], next: str | None) -> Page[T]:
        """A page that storage has cut; `next` is storage's own key of what comes after, if anything does."""
        return Page(items=items, next=None if next is None else _cursor(next))

    def answer(
        self,
        fetched: Sequence[T],
        key: Callable[[T], object],
        shown: Callable[[T], Mapping[str, Any]],
        beside: Response | None = None,
    ) -> Response:
        """`page`, written at once: for what is stored as it is described (see `answers`). `shown`: as it is described,
        in that order. `beside`: see `answers.answer`."""
        return self.answer_given(map(shown, fetched[: self.limit]), self._next(fetched, key), beside)

    def answer_given(
        self, items: Iterable[Mapping[str, Any]], next: str | None, beside: Response | None = None
    ) -> Response:
        """`given`, written at once."""
        return answer({"items": list(items), "next": None if next is None else _cursor(next)}, beside)

    def _next(self, fetched: Sequence[T], key: Callable[[T], object]) -> str | None:
        return str(key(fetched[self.limit - 1])) if len(fetched) > self.limit else None


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500, title="At most so many")] = 100,
    after: Annotated[str | None, Query(max_length=400, title="The `next` of the page before")] = None,
    format: Annotated[
        Format | None,
        Query(title="Format", description="`csv`: all of the list as a file, without `limit` and `after`."),
    ] = None,
) -> Paging:
    _refuse_unknown(request)
    return Paging(limit=limit, after=_key(after) if after else "")


Paged = Annotated[Paging, Depends(_paging)]


def _refuse_unknown(request: Request) -> None:
    """A filter that is misspelt would otherwise give everything, and look as if it had been heeded."""
    known = _known(request.scope["route"])
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        message = "This list knows no such filter, order or option; it knows {known}."
        message = message.format(known=", ".join(sorted(known)))
        found = [
            FieldProblem(place=Place.QUERY, field=f"/{name[:80]}", code="unknown", message=message) for name in unknown
        ]
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, message, kind="invalid", errors=found)


_KNOWN: dict[Callable[..., Any], frozenset[str]] = {}
"""By list, found out when it is asked for the first time."""


def _known(route: APIRoute) -> frozenset[str]:
    if route.endpoint not in _KNOWN:
        given = get_flat_params(route.dependant)
        _KNOWN[route.endpoint] = frozenset(it.alias for it in given if isinstance(it.field_info, QueryParameter))
    return _KNOWN[route.endpoint]


def _cursor(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        key = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeError) as error:
        raise unusable_cursor() from error
    if not key.isprintable():
        raise unusable_cursor()
    return key


def unusable_cursor() -> ProblemError:
    """Somebody made up a cursor, or used one of another list."""
    message = "This is not the `next` of an earlier page. Leave it out to start from the beginning."
    wrong = FieldProblem(place=Place.QUERY, field="/after", code="cursor", message=message)
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, message, kind="invalid", errors=[wrong])
