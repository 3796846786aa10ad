"""What is asked of the API while calls go on: what portal and programs ask, in the proportions of a busy morning.

Half of it comes from people with the portal open (a cookie, and a header with changes), half from programs (a token).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Any
from urllib.parse import quote

from bench.offices import FIRST_QUEUE, PASSWORD, QUEUES, Office
from bench.open_loop import Request
from centrale.accounts.sessions import token_of
from centrale.api.authentication import CSRF

EXPLAIN, SIGN_IN = "dry run of a call", "sign in (argon2)"
APART = (EXPLAIN, SIGN_IN)
"""Reported apart: the one computes a whole call, the other is made to be slow."""
MONTH = "since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z"
EDITED = 100
"""Extensions of each office that are changed, one after another."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of request. `share`: in a thousand. `path`: behind the account's own, unless it begins with `/api`."""

    kind: str
    share: int
    path: Callable[[Office, random.Random], str]
    method: str = "GET"
    body: Callable[[Office, random.Random], Any] | None = None
    edits: bool = False


def _one(office: Office, dice: random.Random) -> str:
    return f"/extensions/{dice.choice(office.extensions)}"


def _page(size: int) -> Callable[[Office, random.Random], str]:
    return lambda office, dice: f"/extensions?limit={size}"


def _explained(office: Office, dice: random.Random) -> Mapping[str, Any]:
    if dice.random() < 0.5:
        return {"caller": "+31612345678", "called": dice.choice(office.numbers)}
    return {"caller": dice.choice(office.extensions), "called": str(FIRST_QUEUE + dice.randrange(QUEUES))}


MIXTURE = [
    Asked("one extension", 200, _one),
    Asked("who is signed in, own token", 90, lambda office, dice: "/api/v1/me"),
    Asked("one account", 80, lambda office, dice: ""),
    Asked("live calls", 80, lambda office, dice: "/calls"),
    Asked("extensions, 100", 70, _page(100)),
    Asked("extensions, 500", 10, _page(500)),
    Asked("channels, 100", 50, lambda office, dice: "/channels?limit=100"),
    Asked("numbers", 40, lambda office, dice: "/numbers"),
    Asked("one number's uses", 20, lambda office, dice: f"/numbers/{quote(dice.choice(office.numbers))}/uses"),
    Asked("number plan", 40, lambda office, dice: "/schemas/1"),
    Asked("two weeks' preview", 10, lambda office, dice: "/schemas/1/preview"),
    Asked("call records, 100", 60, lambda office, dice: "/records?limit=100"),
    Asked(
        "call records of one", 30, lambda office, dice: f"/records?limit=50&extension={dice.choice(office.extensions)}"
    ),
    Asked("one call record with trace", 40, lambda office, dice: f"/records/{dice.choice(office.calls)}"),
    Asked("queues now", 30, lambda office, dice: f"/queues/{FIRST_QUEUE + dice.randrange(QUEUES)}/now"),
    Asked("wallboard", 20, lambda office, dice: "/wallboard"),
    Asked("statistics of a month", 15, lambda office, dice: f"/statistics/queues?{MONTH}&together=true"),
    Asked("statistics by day, CSV", 5, lambda office, dice: f"/statistics/queues?{MONTH}&by=day&format=csv"),
    Asked("audit", 20, lambda office, dice: "/audit"),
    Asked("extension changed", 50, _one, "PATCH", lambda office, dice: {"name": f"N{dice.randrange(10**6)}"}, True),
    Asked(
        "override of the number plan",
        10,
        lambda office, dice: "/schemas/1/override",
        "PUT",
        lambda office, dice: {"plan": dice.choice([1, 2])},
    ),
    Asked(EXPLAIN, 25, lambda office, dice: "/explain", "POST", _explained),
    Asked(
        SIGN_IN,
        5,
        lambda office, dice: "/api/v1/session",
        "POST",
        lambda office, dice: {"email": office.email, "password": PASSWORD},
    ),
]


class Mixture:
    """Requests to both offices, as many to the one as to the other."""

    def __init__(self, offices: list[Office], cookie: str, dice: random.Random) -> None:
        self._offices, self._cookie, self._dice = offices, cookie, dice
        self._shares = list(accumulate(asked.share for asked in MIXTURE))
        self._edited = {office.account: count() for office in offices}

    def __call__(self) -> Request:
        (asked,) = self._dice.choices(MIXTURE, cum_weights=self._shares)
        return self.one(asked)

    def one(self, asked: Asked) -> Request:
        """The next request of this kind."""
        return self._request(asked, self._dice.choice(self._offices), by_token=self._dice.random() < 0.5)

    def edited(self) -> list[Request]:
        """Looks at all that will be changed: who changes a thing has seen it."""
        return [
            Request("", "GET", f"{_root(office)}/extensions/{number}", _by_token(office))
            for office in self._offices
            for number in office.extensions[:EDITED]
        ]

    def _request(self, asked: Asked, office: Office, *, by_token: bool) -> Request:
        path = asked.path(office, self._dice)
        if asked.edits:  # in turn: two who change the same thing at once would see a refusal
            path = f"/extensions/{office.extensions[next(self._edited[office.account]) % EDITED]}"
        path = path if path.startswith("/api") else _root(office) + path
        body = None if asked.body is None else asked.body(office, self._dice)
        if asked.kind == SIGN_IN:
            return Request(asked.kind, asked.method, path, {}, body)
        headers = _by_token(office) if by_token or path == "/api/v1/me" else self._by_cookie(office, asked.method)
        return Request(asked.kind, asked.method, path, headers, body, asked.edits)

    def _by_cookie(self, office: Office, method: str) -> dict[str, str]:
        text = self._dice.choice(office.cookies)
        return {"Cookie": f"{self._cookie}={text}"} | ({} if method == "GET" else {CSRF: token_of(text)})


def _root(office: Office) -> str:
    return f"/api/v1/accounts/{office.account}"


def _by_token(office: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {office.token}"}
