"""Requests take turns: calls share their loop, and must not wait for all of them (issue 5, Measured)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from api_world import ApiWorld
from starlette.types import Message, Receive, Scope, Send

from centrale.api.turns import Turns

AGES = 3600.0
"""Seconds; a turn that lasts as long as this is not cut short in a test."""

NOTHING: Message = {"type": "http.request", "body": b"", "more_body": False}
BEGIN: Message = {"type": "http.response.start", "status": 200, "headers": []}
END: Message = {"type": "http.response.body", "body": b""}


class Counter:
    """An app that shows who is being worked on, and answers when it is told to."""

    def __init__(self) -> None:
        self.working: list[str] = []
        self.changed = asyncio.Event()
        self._answers: dict[str, asyncio.Event] = {}
        self.ends = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        self._note(self.working.append, path)
        try:
            await self._answers.setdefault(path, asyncio.Event()).wait()
        finally:
            self._note(self.working.remove, path)
        await send(BEGIN)
        if path.endswith("/events"):
            await self.ends.wait()
        await send(END)

    def answer(self, path: str) -> None:
        self._answers.setdefault(path, asyncio.Event()).set()

    async def until(self, *working: str) -> None:
        """Until exactly these are being worked on, and nothing more can happen by itself."""
        async with asyncio.timeout(5):
            while self.working != list(working):
                self.changed.clear()
                await self.changed.wait()
        for _ in range(10):
            await asyncio.sleep(0)
        assert self.working == list(working)

    def _note(self, change: Callable[[str], None], path: str) -> None:
        change(path)
        self.changed.set()


class Line:
    """Requests to a `Counter` behind turns."""

    def __init__(self, at_once: int, longest: float) -> None:
        self.app = Counter()
        self._turns = Turns(self.app, at_once, longest)
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def asks(self, path: str, body: asyncio.Queue[Message] | None = None) -> None:
        async def receive() -> Message:
            return NOTHING if body is None else await body.get()

        async def send(message: Message) -> None:
            pass

        scope = {"type": "http", "method": "GET" if body is None else "POST", "path": path}
        self.tasks[path] = asyncio.create_task(self._turns(scope, receive, send))


@asynccontextmanager
async def a_line(at_once: int = 2, longest: float = AGES) -> AsyncIterator[Line]:
    line = Line(at_once, longest)
    try:
        yield line
    finally:
        for task in line.tasks.values():
            task.cancel()
        await asyncio.gather(*line.tasks.values(), return_exceptions=True)


async def test_only_so_many_are_worked_on_and_the_others_follow_in_order() -> None:
    async with a_line(at_once=2) as line:
        for path in ("/api/1", "/api/2", "/api/3", "/api/4"):
            line.asks(path)
        await line.app.until("/api/1", "/api/2")
        line.app.answer("/api/2")
        await line.app.until("/api/1", "/api/3")
        line.app.answer("/api/1")
        await line.app.until("/api/3", "/api/4")


async def test_health_and_the_portals_files_stand_in_no_line() -> None:
    async with a_line(at_once=1) as line:
        for path in ("/api/1", "/healthz", "/assets/main.js"):
            line.asks(path)
        await line.app.until("/api/1", "/healthz", "/assets/main.js")


async def test_a_body_that_does_not_come_holds_nobody_up() -> None:
    async with a_line(at_once=1) as line:
        slow: asyncio.Queue[Message] = asyncio.Queue()
        line.asks("/api/upload", slow)
        line.asks("/api/1")
        await line.app.until("/api/1")
        slow.put_nowait({"type": "http.request", "body": b"piece", "more_body": True})
        slow.put_nowait(NOTHING)
        await line.app.until("/api/1")  # it has come, and stands in line like everybody
        line.app.answer("/api/1")
        await line.app.until("/api/upload")


async def test_a_stream_lasts_for_hours_and_its_turn_ends_as_it_begins() -> None:
    async with a_line(at_once=1) as line:
        line.asks("/api/events")
        line.asks("/api/1")
        await line.app.until("/api/events")
        line.app.answer("/api/events")
        await line.app.until("/api/1")
        assert not line.tasks["/api/events"].done()


async def test_a_stream_that_watches_for_its_reader_to_go_keeps_no_turn() -> None:
    """While it answers it asks for what comes behind the question, and stands in line again for that. Twenty
    wallboards that were opened at once kept everybody else waiting for a quarter of a second."""
    begins, answers, ends = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/api/events":
            watching = asyncio.create_task(receive())
            await begins.wait()
            await send(BEGIN)
            await watching
            await ends.wait()
        else:
            await answers.wait()

    async def receive() -> Message:
        return NOTHING

    async def send(message: Message) -> None:
        pass

    turns = Turns(app, at_once=1, longest=AGES)

    def asks(path: str) -> asyncio.Task[None]:
        return asyncio.create_task(turns({"type": "http", "method": "GET", "path": path}, receive, send))

    async with asyncio.timeout(5):
        stream, other = asks("/api/events"), asks("/api/1")  # the other has the turn that the stream gives back
        for _ in range(10):
            await asyncio.sleep(0)
        begins.set()
        for _ in range(10):
            await asyncio.sleep(0)
        answers.set()
        await other
        await asks("/api/2")
        ends.set()
        await stream


async def test_who_waits_for_others_gives_the_turn_back() -> None:
    async with a_line(at_once=1, longest=0.01) as line:
        line.asks("/api/asks-a-provider")
        line.asks("/api/1")
        await line.app.until("/api/asks-a-provider", "/api/1")


async def test_who_goes_away_leaves_no_gap() -> None:
    async with a_line(at_once=1) as line:
        for path in ("/api/1", "/api/gone-in-line", "/api/3"):
            line.asks(path)
        await line.app.until("/api/1")
        line.tasks["/api/gone-in-line"].cancel()
        line.tasks["/api/1"].cancel()
        await line.app.until("/api/3")
        line.app.answer("/api/3")
        line.asks("/api/4")
        await line.app.until("/api/4")


async def test_many_requests_at_once_are_all_answered(world: ApiWorld) -> None:
    account = await world.company()
    answers = await asyncio.gather(
        *(world.platform.get(f"/api/v1/accounts/{account}/extensions/201") for _ in range(40))
    )
    assert {answer.status_code for answer in answers} == {200}
