"""The wallboard: queues now and today, and a stream that tells what changes to whoever looks (QUE-30)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from api_world import ApiWorld, Event, EventStream

from centrale.accounts import extensions, queues
from centrale.accounts.extensions import ExtensionIn
from centrale.api import event_stream, wallboard_feed, wallboard_queues
from centrale.api.live_feed import KEPT
from centrale.api.wallboard_feed import WallboardFeed
from centrale.queueing.happenings import Happening, What
from centrale.routing.snapshot import AccountId, AccountSnapshot, ExtensionNumber
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone

SUPPORT = ExtensionNumber("300")


class Hall:
    """A company with queue 300 whose agent 202 is logged on, with a phone; 201's phone calls in."""

    def __init__(self, world: ApiWorld, account: int) -> None:
        self.world = world
        self.account = account

    @property
    def feed(self) -> WallboardFeed:
        feed = self.world.app.state.wallboard
        assert isinstance(feed, WallboardFeed)
        return feed

    async def board(self, **query: Any) -> dict[str, Any]:
        """The wallboard, asked for once."""
        answer = await self.world.platform.get(f"/api/v1/accounts/{self.account}/wallboard", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def watches(self, last: str | None = None, query: str = "") -> EventStream:
        token = await self.world.token(self.account)
        return await self.world.events(self.account, token, last, "wallboard/events", query)

    async def calls(self) -> tuple[SimulatedCall, SimulatedCall]:
        """201 calls the queue, and 202's phone rings."""
        call = await self.caller.dials("300")
        return call, await self.agent.rings()

    async def phones(self) -> None:
        first, second = self.world.channels(self.account)
        by_user = {self.world.picture(self.account).logons[name]: name for name in (first, second)}
        ended = self.caller_is_gone = asyncio.Event()
        self.world.calls.live.watch(lambda what, call: ended.set() if what == "ended" else None)
        self.caller: SimulatedPhone = await self.world.phone(by_user[ExtensionNumber("201")])
        self.agent: SimulatedPhone = await self.world.phone(by_user[ExtensionNumber("202")])


@pytest.fixture
async def hall(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr(wallboard_feed, "GATHER_FOR", 0.0)
    world.clock.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    hall = Hall(world, await world.company())
    account = AccountId(hall.account)
    async with world.database.change("set-up") as unit:
        members = {"members": [{"agent": "201"}, {"agent": "202", "wrap_up": 3600}]}
        queue = ExtensionIn(number="300", kind="queue", name="Support", settings=members)
        await extensions.create(unit, account, queue)
    async with world.database.change("set-up") as unit:
        await queues.log_off(unit, account, SUPPORT, ExtensionNumber("201"))
    await hall.phones()
    yield hall
    hall.feed.close()


def now_in(event: Event) -> dict[str, Any]:
    (queue,) = event.data["queues"]
    return dict(queue)


async def until(stream: EventStream, **expected: Any) -> dict[str, Any]:
    """Reads changes until all of this has been told; gives what the fields were told to be last."""
    seen: dict[str, Any] = {}
    while any(seen.get(name) != value for name, value in expected.items()):
        event = await stream.next()
        assert event.event == "changed"
        seen |= event.data
    return seen


async def test_a_queue_where_nobody_waits(hall: Hall) -> None:
    board = await hall.board()
    (queue,) = board["queues"]
    assert (board["at"], board["within"]) == ("2026-03-02T09:00:00Z", 20)
    assert (queue["queue"], queue["name"], queue["waiting"], queue["longest_wait"]) == ("300", "Support", 0, None)
    assert queue["agents"] | {} == dict.fromkeys(queue["agents"], 0) | {"free": 1, "logged_off": 1}
    assert (queue["calls"], queue["service_level"]) == (0, None)


async def test_a_caller_waits_and_a_phone_rings(hall: Hall) -> None:
    await hall.calls()
    hall.world.clock.moment = datetime(2026, 3, 2, 9, 1, 30, tzinfo=UTC)
    (queue,) = (await hall.board())["queues"]
    assert (queue["waiting"], queue["longest_wait"]) == (1, 90)
    assert queue["waiting_since"] == "2026-03-02T09:00:00Z"
    assert (queue["agents"]["ringing"], queue["agents"]["free"]) == (1, 0)


async def test_the_stream_tells_what_changes_and_nothing_else(hall: Hall) -> None:
    stream = await hall.watches()
    first = await stream.next()
    assert first.event == "queues"
    assert now_in(first)["waiting"] == 0

    call, rings = await hall.calls()
    told = await until(stream, waiting=1, waiting_since="2026-03-02T09:00:00.000+00:00")
    assert told["queue"] == "300"
    assert "name" not in told
    await rings.answer()
    told = await until(stream, waiting=0, waiting_since=None)
    await call.hang_up()
    told |= await until(stream, agents=now_in(first)["agents"] | {"wrap_up": 1, "free": 0})
    assert "calls" not in told  # nothing is stored yet

    await hall.world.queue_events.flush()
    told = await until(stream, calls=1, answered=1)
    assert (told["answered_within"], told["service_level"]) == (1, 1)


async def test_figures_of_today_begin_at_midnight(hall: Hall) -> None:
    hall.world.clock.moment = datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)  # a second to midnight in Amsterdam
    call, _ = await hall.calls()
    await call.hang_up()
    await hall.caller_is_gone.wait()
    await hall.world.queue_events.flush()
    assert [queue["abandoned"] for queue in (await hall.board())["queues"]] == [1]
    hall.world.clock.moment = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert [queue["abandoned"] for queue in (await hall.board())["queues"]] == [0]


async def test_it_goes_on_where_it_broke_off(hall: Hall) -> None:
    stream = await hall.watches()
    first = await stream.next()
    await hall.calls()
    seen = await stream.next()
    again = await hall.watches(first.id)
    assert await again.next() == seen


@pytest.mark.parametrize("last", ["", "1", "00000000-1", "x-99999999999999999999"])
async def test_an_id_of_another_board_brings_everything_again(hall: Hall, last: str) -> None:
    stream = await hall.watches(last)
    assert (await stream.next()).event == "queues"


async def test_a_reader_who_falls_behind_is_shown_everything_again(hall: Hall) -> None:
    async with hall.feed.watching(AccountId(hall.account), 20) as board:
        first = board.history.id(board.history.last)
        for number in range(KEPT + 1):
            board.history.happened("changed", {"queue": "300", "waiting": number})
        assert len(board.history) == KEPT
        stream = await hall.watches(first)
        assert (await stream.next()).event == "queues"


async def test_a_rush_of_events_is_one_change(hall: Hall) -> None:
    stream = await hall.watches()
    await stream.next()
    board = hall.feed._boards[AccountId(hall.account)][20]
    for _ in range(1000):
        happening = Happening(AccountId(hall.account), hall.world.clock.now(), What.WAITING, SUPPORT, number=1)
        hall.world.services.happenings(happening)
    await hall.calls()
    await until(stream, waiting=1)
    assert board.history.last < 10


async def test_nothing_listens_while_nobody_looks(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallboard_feed, "FORGET_AFTER", 0.0)
    assert not hall.feed.is_listening
    await hall.board()
    assert not hall.feed.is_listening
    async with hall.feed.watching(AccountId(hall.account), 20):
        assert hall.feed.is_listening
    await asyncio.sleep(0.001)  # a timer of no time at all comes before this one
    assert not hall.feed.is_listening
    assert len(hall.world.services.happenings._listeners) == 1  # the one that keeps events


async def test_a_change_is_written_once_for_all_who_look(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [await hall.watches() for _ in range(3)]
    for stream in streams:
        await stream.next()
    written: list[str] = []
    write = event_stream.written

    def noting(event: str, id: str, data: Any) -> bytes:
        written.append(id)
        return write(event, id, data)

    monkeypatch.setattr(event_stream, "written", noting)
    await hall.calls()
    told = [await stream.next() for stream in streams]
    assert told[0] == told[1] == told[2]
    assert written.count(told[0].id) == 1


async def test_calls_of_others_and_what_is_arranged_elsewhere_cost_no_look_at_queues(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = AccountId(hall.account)
    async with hall.world.database.change("set-up") as unit:
        await extensions.create(unit, account, ExtensionIn(number="301", kind="queue", name="Sales"))
    stream = await hall.watches()
    await stream.next()
    looked: list[str] = []

    def noting(picture: AccountSnapshot, queue: ExtensionNumber, *given: Any) -> dict[str, Any]:
        looked.append(queue)
        return wallboard_queues.state_of(picture, queue, *given)

    monkeypatch.setattr(wallboard_feed, "state_of", noting)
    await (await hall.caller.dials("900")).hang_up()
    await hall.caller_is_gone.wait()
    for number, kind in (("202", "user"), ("301", "queue")):
        async with hall.world.database.change("anna") as unit:
            await extensions.change(unit, account, number, ExtensionIn(number=number, kind=kind, name="Renamed"))
    assert (await stream.next()).data == {"queue": "301", "name": "Renamed"}
    assert looked == ["301"]
    async with hall.world.database.change("anna") as unit:
        await queues.log_off(unit, account, SUPPORT, ExtensionNumber("202"))
    assert (await stream.next()).data["agents"]["logged_off"] == 2
    assert set(looked) == {"300", "301"}


async def test_midnight_goes_by_without_a_call(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallboard_feed, "LOOK_FOR_MIDNIGHT_EVERY", 0.001)
    call, _ = await hall.calls()
    await call.hang_up()
    await hall.caller_is_gone.wait()
    await hall.world.queue_events.flush()
    stream = await hall.watches()
    assert now_in(await stream.next())["abandoned"] == 1
    hall.world.clock.moment = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    await until(stream, abandoned=0, calls=0)


async def test_queues_that_come_and_go(hall: Hall) -> None:
    stream = await hall.watches()
    await stream.next()
    account = AccountId(hall.account)
    async with hall.world.database.change("anna") as unit:
        await extensions.create(unit, account, ExtensionIn(number="301", kind="queue", name="Sales"))
    event = await stream.next()
    assert (event.event, event.data["queue"], event.data["name"], event.data["waiting"]) == (
        "changed",
        "301",
        "Sales",
        0,
    )
    async with hall.world.database.change("anna") as unit:
        await extensions.delete(unit, account, "301")
    event = await stream.next()
    assert (event.event, event.data) == ("gone", {"queue": "301"})


async def test_each_chooses_what_is_in_time(hall: Hall) -> None:
    twenty, thirty = await hall.watches(), await hall.watches(query="within=30")
    first, second = await twenty.next(), await thirty.next()
    assert first.id.partition("-")[0] != second.id.partition("-")[0]


async def test_another_account_sees_nothing_of_it(hall: Hall) -> None:
    rival = await hall.world.company("2000", "Rival")
    theirs = await hall.world.as_account(rival)
    assert (await theirs.get(f"/api/v1/accounts/{rival}/wallboard")).json()["queues"] == []
    assert (await theirs.get(f"/api/v1/accounts/{hall.account}/wallboard")).status_code == 404
    stream = await hall.world.events(rival, await hall.world.token(rival), None, "wallboard/events")
    await stream.next()
    await hall.calls()
    assert hall.feed._boards[AccountId(rival)][20].history.last == 0
