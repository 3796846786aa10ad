"""The wallboard (QUE-30): each queue now, and its figures of today; as a stream of what changes, for whoever looks.

While nobody looks at an account's queues nothing is kept of them, and nothing listens. Who looks shares one board: what
happens marks queues, and a moment later the marked ones are looked at once, so that a rush of events is one change.
Readers hold a place in the board's short history and no queue; one that falls behind is shown all queues again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from centrale.accounts import queue_statistics
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.queue_figures import QueueFigures
from centrale.accounts.queue_periods import midnight
from centrale.api.event_stream import Numbered
from centrale.api.live_feed import KEPT, Shown
from centrale.api.services import ApiServices
from centrale.api.wallboard_queues import is_queue, queues, rearranged, state_of
from centrale.queueing.happenings import Happening
from centrale.routing.snapshot import AccountId, AccountSnapshot, ExtensionNumber, PlatformSnapshot

log = structlog.get_logger(__name__)

GATHER_FOR = 0.2
"""Seconds in which what happens is gathered to one change."""
FORGET_AFTER = 120.0
"""Seconds without a reader after which a board is forgotten; whoever comes back sooner takes up where they were."""
LOOK_FOR_MIDNIGHT_EVERY = 15.0
"""Seconds. A time zone's next midnight may be moved meanwhile, with the zone."""


@dataclass(slots=True, eq=False)
class Board:
    """The queues of an account, with the service level within so many seconds."""

    account: AccountId
    within: int
    readers: int = 0
    picture: AccountSnapshot | None = None
    """The account as it was when something was arranged last."""
    shown: dict[str, Shown] = field(default_factory=dict)
    today: date | None = None
    figures: Mapping[str, QueueFigures] = field(default_factory=dict)
    """Of today, by queue."""
    history: Numbered = field(default_factory=lambda: Numbered(KEPT))
    """What changed lately, as it is sent."""
    marked: set[str] = field(default_factory=set)
    look: asyncio.TimerHandle | None = None
    forget: asyncio.TimerHandle | None = None
    midnight: asyncio.TimerHandle | None = None
    reading: asyncio.Task[None] | None = None
    read_again: bool = False

    def stop(self) -> None:
        """Nobody looks any more."""
        self.history.close()
        for handle in (self.look, self.forget, self.midnight, self.reading):
            if handle is not None:
                handle.cancel()


class WallboardFeed:
    """The boards that somebody looks at. Use from one event loop; `close()` ends every reader."""

    def __init__(self, services: ApiServices) -> None:
        self._services = services
        self._boards: dict[AccountId, dict[int, Board]] = {}
        self._stop_listening = _nothing
        self.closed = False
        services.directory.on_change(self._arranged)
        services.queue_figures_stored.add(self._stored)

    @property
    def is_listening(self) -> bool:
        """Is there anybody for whom it listens?"""
        return bool(self._boards)

    @asynccontextmanager
    async def watching(self, account: AccountId, within: int) -> AsyncIterator[Board]:
        """The board, for as long as somebody looks at it. Raises StorageUnavailable."""
        board = self._boards.get(account, {}).get(within)
        if board is None:
            board = await self._begin(account, within)
        if board.forget is not None:
            board.forget.cancel()
            board.forget = None
        board.readers += 1
        try:
            yield board
        finally:
            board.readers -= 1
            if not board.readers:
                board.forget = asyncio.get_running_loop().call_later(FORGET_AFTER, self._end, board)

    async def now(self, account: AccountId, within: int) -> list[Shown]:
        """All queues, for who looks once. Raises StorageUnavailable."""
        board = Board(account, within)
        of_account = await self._read(board)
        picture = self._services.directory.current.accounts[account]
        return [self._state(board, picture, queue) for queue in of_account if is_queue(picture, queue)]

    def wake(self) -> None:
        """Has every reader look up."""
        for board in self._all():
            board.history.wake()

    def close(self) -> None:
        """Ends every reader."""
        self.closed = True
        for board in self._all():
            board.stop()
        self._boards.clear()
        self._stop_listening()

    # -- boards come and go ------------------------------------------------------------------------------------------

    async def _begin(self, account: AccountId, within: int) -> Board:
        board = Board(account, within)
        await self._read(board)
        known = self._boards.get(account, {}).get(within)
        if known is not None:  # somebody else was quicker
            return known
        if not self._boards:
            self._stop_listening = self._services.happenings.add(self._happened)
        self._boards.setdefault(account, {})[within] = board
        picture = self._services.directory.current.accounts.get(account)
        if picture is not None:
            board.picture = picture
            board.shown = {queue: self._state(board, picture, queue) for queue in queues(picture)}
        self._watch_midnight(board)
        return board

    def _end(self, board: Board) -> None:
        of_account = self._boards.get(board.account, {})
        of_account.pop(board.within, None)
        if not of_account:
            self._boards.pop(board.account, None)
        board.stop()
        if not self._boards:
            self._stop_listening()
            self._stop_listening = _nothing

    def _all(self) -> list[Board]:
        return [board for of_account in self._boards.values() for board in of_account.values()]

    # -- what happens ------------------------------------------------------------------------------------------------

    def _happened(self, happening: Happening) -> None:
        boards = self._boards.get(happening.account)
        if boards is None:
            return
        of_it = [happening.queue] if happening.queue is not None else self._queues_of(happening)
        for board in boards.values():
            self._mark(board, of_it)

    def _queues_of(self, happening: Happening) -> list[ExtensionNumber]:
        account = self._services.directory.current.accounts.get(happening.account)
        logons = {} if account is None else account.queue_logons
        return [queue for queue, agents in logons.items() if happening.agent in agents]

    def _arranged(self, platform: PlatformSnapshot, changed: frozenset[AccountId]) -> None:
        for account in changed & self._boards.keys():
            picture = platform.accounts.get(account)
            for board in self._boards[account].values():
                self._mark(board, board.shown if picture is None else rearranged(board.picture, picture))
                board.picture = picture

    def _stored(self, accounts: frozenset[AccountId]) -> None:
        for account in accounts & self._boards.keys():
            for board in self._boards[account].values():
                self._read_soon(board)

    def _mark(self, board: Board, some: Iterable[str]) -> None:
        board.marked.update(some)
        if board.look is None and board.marked:
            board.look = asyncio.get_running_loop().call_later(GATHER_FOR, self._look, board)

    def _look(self, board: Board) -> None:
        """Tells what is different in the queues that are marked."""
        board.look = None
        marked, board.marked = board.marked, set()
        picture = self._services.directory.current.accounts.get(board.account)
        for queue in sorted(marked):
            before = board.shown.pop(queue, None)
            if picture is None or not is_queue(picture, queue):
                if before is not None:
                    board.history.happened("gone", {"queue": queue})
                continue
            now = board.shown[queue] = self._state(board, picture, queue)
            differing = {name: value for name, value in now.items() if before is None or before.get(name) != value}
            if differing:
                board.history.happened("changed", {"queue": queue, **differing})

    # -- figures of today --------------------------------------------------------------------------------------------

    def _read_soon(self, board: Board) -> None:
        """One reading at a time; what is stored meanwhile is read after it."""
        if board.reading is not None and not board.reading.done():
            board.read_again = True
            return
        board.reading = asyncio.create_task(self._read_and_mark(board), name="wallboard")

    async def _read_and_mark(self, board: Board) -> None:
        board.read_again = True
        while board.read_again:
            board.read_again = False
            before = board.figures
            try:
                await self._read(board)
            except StorageUnavailable as error:
                log.warning("wallboard.figures_are_old", account=board.account, error=str(error))
                return
            self._mark(board, [queue for queue in board.shown if board.figures.get(queue) != before.get(queue)])

    def _watch_midnight(self, board: Board) -> None:
        """It may go by without a call."""
        if board.today != self._today(board):
            self._read_soon(board)
        later = asyncio.get_running_loop().call_later
        board.midnight = later(LOOK_FOR_MIDNIGHT_EVERY, self._watch_midnight, board)

    async def _read(self, board: Board) -> Sequence[ExtensionNumber]:
        """The figures of today; gives the queues that it asked for. Raises StorageUnavailable."""
        today, zone = self._today(board), self._zone(board)
        picture = self._services.directory.current.accounts.get(board.account)
        if zone is None or today is None or picture is None:
            return ()
        of_account = queues(picture)
        day = midnight(today, zone), midnight(today + timedelta(days=1), zone)
        async with self._services.database.read() as unit:
            found = await queue_statistics.of_queues(unit, board.account, [day], of_account, within=board.within)
        board.today, board.figures = today, {queue: figures for (_, queue), figures in found.items()}
        return of_account

    def _zone(self, board: Board) -> ZoneInfo | None:
        account = self._services.directory.current.accounts.get(board.account)
        return None if account is None else ZoneInfo(account.timezone)

    def _today(self, board: Board) -> date | None:
        zone = self._zone(board)
        return None if zone is None else self._services.clock.now().astimezone(zone).date()

    def _state(self, board: Board, account: AccountSnapshot, queue: str) -> Shown:
        distribution = self._services.queues.known(account.id)
        figures = board.figures.get(queue, NO_CALLS)
        return state_of(account, ExtensionNumber(queue), distribution, figures, board.within)


NO_CALLS = QueueFigures()


def _nothing() -> Any:
    """Nothing listens."""
