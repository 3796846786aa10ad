"""Every list as a file: `?format=csv` gives all of it, filtered and sorted as asked, one line for each thing.

A file is written while the list is read, page by page, each page a request of its own through all that guards the API:
nothing is held in memory, no transaction stays open while somebody downloads, what calls need to do comes in between,
and a token that is revoked meanwhile gives no further line. What is inserted meanwhile behind the last line is in it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from http import HTTPStatus
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrale.api.csv_table import MEDIA_TYPE, Format, csv_text
from centrale.api.pages import Page
from centrale.api.problems import FieldProblem, Place, ProblemError

AT_ONCE = 200
"""Lines of a page: some ten milliseconds' work at most."""


class ExportCut(Exception):
    """A page in the middle could not be had: the file must not look whole."""


class Exports:
    """ASGI middleware around the API."""

    def __init__(self, app: ASGIApp, lists: Lists) -> None:
        self._app = app
        self._lists = lists

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope)
        columns = None if asked is None else self._lists.columns(scope["path"])
        if asked is None or columns is None:
            await self._app(scope, receive, send)
            return
        for name in ("limit", "after"):
            if name in dict(asked):
                await _whole_only(name).response(Headers(scope=scope))(scope, receive, send)
                return
        first = await self._page(scope, asked, "")
        if first.status != HTTPStatus.OK:
            await first.send_on(send)
            return
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await _begin(send, scope["path"].rpartition("/")[2])
            async for text in self._lines(scope, asked, first, columns):
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    async def _lines(
        self, scope: Scope, asked: Sequence[tuple[str, str]], first: Answer, columns: Sequence[str]
    ) -> AsyncIterator[str]:
        page, with_header = first, True
        while True:
            content = orjson.loads(page.body)
            lines = (_cells(line, columns) for line in content["items"])
            yield csv_text(lines, columns, with_header=with_header)
            if content["next"] is None:
                return
            with_header = False
            page = await self._page(scope, asked, content["next"])
            if page.status != HTTPStatus.OK:
                raise ExportCut(f"{scope['path']}: {page.status} in the middle of a file")

    async def _page(self, scope: Scope, asked: Sequence[tuple[str, str]], after: str) -> Answer:
        """One page, as its reader would get it as JSON."""
        query = [*asked, ("limit", str(AT_ONCE)), *([("after", after)] if after else [])]
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"accept-encoding", b"range")]
        inner = {**scope, "query_string": urlencode(query).encode(), "headers": headers, "state": {}}
        answer = Answer()
        await self._app(inner, _nothing_more, answer.take)
        if "route" in inner:
            scope["route"] = inner["route"]  # for what is measured
        return answer


class Answer:
    """A response, kept until it is looked at."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self._messages: list[Message] = []

    async def take(self, message: Message) -> None:
        """As `send` of ASGI."""
        self._messages.append(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")

    async def send_on(self, send: Send) -> None:
        """As it came."""
        for message in self._messages:
            await send(message)


class Lists:
    """The lists of the API, and the columns of their files."""

    def __init__(self, app: FastAPI) -> None:
        self._found = list(_lists(app))

    def columns(self, path: str) -> Sequence[str] | None:
        """Those of the list at `path`; None when no list is there."""
        return next((columns for address, columns in self._found if address.match(path)), None)


def _lists(app: FastAPI) -> Iterator[tuple[re.Pattern[str], Sequence[str]]]:
    for route in iter_route_contexts(app.routes):
        model = getattr(route, "response_model", None)
        if (
            "GET" in (route.methods or ())
            and route.path is not None
            and isinstance(model, type)
            and issubclass(model, Page)
        ):
            (item,) = get_args(model.model_fields["items"].annotation)
            yield compile_path(route.path)[0], list(columns_of(item))


def columns_of(model: type[Any], path: str = "") -> Iterator[str]:
    """The columns of a list of `model`: what has fields of its own is told by them, with dots between."""
    if is_dataclass(model):
        yield from (path + field.name for field in fields(model))
        return
    assert _is_model(model)
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        inner = _of_one(field.annotation)
        if inner is not None:
            yield from columns_of(inner, f"{path}{name}.")
        else:
            yield path + (field.serialization_alias or name)
    yield from (path + name for name in model.model_computed_fields)


def _of_one(annotation: Any) -> type[Any] | None:
    """The model of a field that holds one thing, or none; several kinds of things have no columns in common."""
    among = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    kinds = [each for each in among if each is not type(None)]
    return kinds[0] if len(kinds) == 1 and _is_model(kinds[0]) else None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _cells(line: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    found = {}
    for column in columns:
        value: Any = line
        for name in column.split("."):
            value = None if value is None else value[name]
        found[column] = value if not isinstance(value, dict | list) else orjson.dumps(value).decode()
    return found


def _asked(scope: Scope) -> list[tuple[str, str]] | None:
    """What is asked for beside the format, when that is CSV."""
    if scope["type"] != "http" or scope["method"] != "GET" or b"format=" not in scope["query_string"]:
        return None
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if [value for name, value in query if name == "format"] != [Format.CSV.value]:
        return None
    return [(name, value) for name, value in query if name != "format"]


async def _begin(send: Send, name: str) -> None:
    headers = {
        "content-type": f"{MEDIA_TYPE}; charset=utf-8; header=present",
        "content-disposition": f'attachment; filename="{name}.csv"',
    }
    raw = [(key.encode(), value.encode()) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": int(HTTPStatus.OK), "headers": raw})


async def _gone(receive: Receive) -> None:
    """Returns when nobody reads any more."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _whole_only(name: str) -> ProblemError:
    message = "A file holds the whole list. Leave this out, or ask for JSON."
    wrong = FieldProblem(place=Place.QUERY, field=f"/{name}", code="whole_only", message=message)
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, message, kind="invalid", errors=[wrong])
