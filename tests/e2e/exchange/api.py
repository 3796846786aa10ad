"""The exchange's API, as a program of an administrator uses it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

Json = dict[str, Any]


class Api:
    """One token's view. Every verb fails with the answer when the exchange refuses."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self.http = httpx.AsyncClient(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=20, trust_env=False
        )

    def as_(self, token: str) -> Api:
        """The same exchange seen with another token."""
        return Api(self._address, token)

    async def close(self) -> None:
        await self.http.aclose()

    async def get(self, path: str, **query: str) -> Any:
        return self._good(await self.http.get(f"/api/v1/{path}", params=query))

    async def post(self, path: str, **fields: object) -> Any:
        return self._good(await self.http.post(f"/api/v1/{path}", json=fields))

    async def upload(self, path: str, name: str, content: bytes, **form: object) -> Any:
        """Send a file in a form."""
        files, data = {"file": (name, content)}, {field: str(value) for field, value in form.items()}
        return self._good(await self.http.post(f"/api/v1/{path}", files=files, data=data))

    async def put(self, path: str, **fields: object) -> Any:
        return self._good(await self.http.put(f"/api/v1/{path}", json=fields))

    async def patch(self, path: str, **fields: object) -> Any:
        return self._good(await self.http.patch(f"/api/v1/{path}", json=fields))

    async def delete(self, path: str) -> None:
        self._good(await self.http.delete(f"/api/v1/{path}"))

    async def health(self) -> tuple[int, Json]:
        """Status and body of /healthz."""
        answer = await self.http.get("/healthz")
        return answer.status_code, answer.json()

    @asynccontextmanager
    async def events(self, account: int) -> AsyncIterator[Events]:
        """The stream of what changes among the running calls."""
        async with self.http.stream("GET", f"/api/v1/accounts/{account}/calls/events", timeout=60) as answer:
            assert answer.status_code == 200
            yield Events(answer.aiter_lines())

    @staticmethod
    def _good(answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


class Events:
    """Server-sent events, one by one."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> tuple[str, Json]:
        """The next event's name and data."""
        name = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    return name, json.loads(value)
        raise AssertionError("the exchange closed the stream of events")

    async def until(self, name: str, **fields: object) -> Json:
        """The next event of this name in which these fields have these values; others are passed over."""
        while True:
            event, data = await self.next()
            if event == name and fields.items() <= data.items():
                return data
