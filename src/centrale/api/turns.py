"""Requests take turns, so that calls never wait for them.

API and calls share one loop, which runs everything that is ready before it looks again at what the switch says. A
hundred requests that are all ready would each get their piece of work in first, and a telephone would ring that much
later. So with each pass of the loop one request begins, and the others stand in line, first come, first served. That
costs them nothing: there is one core for them, however many begin at once.

Besides, only so many are under way at a time: each may hold a connection to the database, and calls need some, too. Few
at a time would be worse: when the disk is slow for a moment, they would all be changes that wait for it, and nobody
could look.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE = 12
"""Requests that are under way at a time: fewer than there are connections to SQLite (`accounts/database.py`)."""

LONGEST_TURN = 0.25
"""Seconds. Who still has no answer by then waits for something that is not ours (a sign-in provider, a password's
hash), and others go on meanwhile."""

OURS = "/api/"
"""What takes turns. Health, metrics and the portal's files are cheap, and wanted most when the line is long."""


class Turns:
    """Lets `at_once` requests be worked on at a time."""

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE, longest: float = LONGEST_TURN) -> None:
        self._app = app
        self._line = _Line(at_once)
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(OURS):
            await self._app(scope, receive, send)
            return
        turn = _Turn(self._line, self._longest)
        whole = False

        async def receive_outside_the_turn() -> Message:
            # A body may come slowly, or not at all: nobody waits for that in a turn.
            nonlocal whole
            if whole:
                return await receive()  # streams wait so until the reader goes away
            turn.give_back()
            message = await receive()
            whole = not message.get("more_body", False)
            if whole:
                await turn.take()
            return message

        async def send_after_the_turn(message: Message) -> None:
            # What follows the headers is there already, or is a stream that lasts for hours.
            turn.end()
            await send(message)

        await turn.take()
        try:
            await self._app(scope, receive_outside_the_turn, send_after_the_turn)
        finally:
            turn.end()


class _Line:
    """Who waits to begin. At most `at_once` are in, and with each pass of the event loop one comes in."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._door: deque[asyncio.Future[None]] = deque()
        self._let_in = False
        """Has somebody come in with this pass?"""

    async def come_in(self) -> None:
        """Returns when it is one's turn."""
        await self._places.acquire()
        if not self._let_in:
            self._one_is_in()
            return
        place = asyncio.get_running_loop().create_future()
        self._door.append(place)
        try:
            await place
        except asyncio.CancelledError:
            self._places.release()
            raise

    def leave(self) -> None:
        """The next may take the place."""
        self._places.release()

    def _one_is_in(self) -> None:
        self._let_in = True
        asyncio.get_running_loop().call_soon(self._next_pass)

    def _next_pass(self) -> None:
        self._let_in = False
        while self._door:
            place = self._door.popleft()
            if not place.done():  # else it went away while it stood in line
                place.set_result(None)
                self._one_is_in()
                return


class _Turn:
    """The turn of one request: taken and given back any number of times, until it is over."""

    def __init__(self, line: _Line, longest: float) -> None:
        self._line = line
        self._longest = longest
        self._limit: asyncio.TimerHandle | None = None
        self._over = False

    async def take(self) -> None:
        """Returns when it is this request's turn; at once when its turns are over, or it is its turn already."""
        if self._is_over() or self._limit is not None:
            return
        await self._line.come_in()
        if self._is_over():  # while it stood in line: its answer did not wait for that
            self._line.leave()
            return
        self._limit = asyncio.get_running_loop().call_later(self._longest, self.end)

    def _is_over(self) -> bool:  # asked anew each time: it may end while `take` waits
        return self._over

    def give_back(self) -> None:
        """The next in line may begin."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
            self._line.leave()

    def end(self) -> None:
        """Gives it back for good: the answer is on its way, or takes too long."""
        self._over = True
        self.give_back()
