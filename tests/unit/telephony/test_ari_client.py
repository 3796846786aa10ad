"""The link to Asterisk: order, refusals, loss and recovery, told against a tiny Asterisk on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from fake_ari import APP, PASSWORD, USERNAME, FakeAri, fake_ari
from structlog.testing import capture_logs

from centrale.telephony.asterisk import client as module
from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable, Conflict, NotFound
from centrale.telephony.asterisk.client import AriClient


class Diary:
    """What the client told us, in order, and a way to wait for it."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._grown = asyncio.Event()

    def write(self, entry: str) -> None:
        self.entries.append(entry)
        self._grown.set()

    def event(self, event: dict[str, Any]) -> None:
        self.write(f"{event['type']} {event.get('n', '')}".strip())

    async def until(self, entry: str, times: int = 1) -> None:
        async with asyncio.timeout(5):
            while self.entries.count(entry) < times:
                self._grown.clear()
                await self._grown.wait()


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_RETRY_SECONDS", 0.001)
    monkeypatch.setattr(module, "LONGEST_RETRY_SECONDS", 0.01)


@pytest.fixture
async def asterisk() -> AsyncIterator[FakeAri]:
    async with fake_ari() as fake:
        yield fake


@pytest.fixture
def diary() -> Diary:
    return Diary()


@asynccontextmanager
async def linked(asterisk: FakeAri, diary: Diary, **options: Any) -> AsyncIterator[AriClient]:
    up, down = lambda: diary.write("up"), lambda: diary.write("down")
    async with AriClient(asterisk.url, USERNAME, PASSWORD, APP, diary.event, up, down, **options) as client:
        async with asyncio.timeout(5):
            await client.wait_connected()
        yield client


async def test_a_request_returns_what_asterisk_answered(asterisk: FakeAri, diary: Diary) -> None:
    asterisk.answer = lambda request: (200, {"id": "b1"})
    async with linked(asterisk, diary) as client:
        bridge = await client.request(
            "POST", "bridges/b1", {"type": "mixing", "name": "a&b"}, {"variables": {"x": "é"}}
        )
    sent = asterisk.requests[-1]
    assert bridge == {"id": "b1"}
    assert (sent["method"], sent["uri"]) == ("POST", "bridges/b1?type=mixing&name=a%26b")
    assert orjson.loads(sent["message_body"]) == {"variables": {"x": "é"}}


async def test_a_response_without_content_is_none(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        assert await client.request("POST", "channels/x/answer") is None


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (404, "Bridge not found", NotFound),
        (400, "Channel not found", NotFound),  # what `addChannel` says of a channel that has gone
        (409, "Channel not in Stasis application", Conflict),
        (422, "Channel not in Stasis application", Conflict),
        (400, "Endpoint must be specified", AriError),
        (500, "Allocation failed", AriError),
    ],
)
async def test_a_refusal_is_an_error_of_its_kind(
    asterisk: FakeAri, diary: Diary, status: int, message: str, error: type[AriError]
) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.answer = lambda request: (status, {"message": message})
        with pytest.raises(AriError) as refusal:
            await client.request("DELETE", "channels/x")
    assert type(refusal.value) is error
    assert (refusal.value.status, refusal.value.message) == (status, message)


async def test_asterisks_other_way_of_explaining_is_understood(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.answer = lambda request: (500, {"error": "Allocation failed"})
        with pytest.raises(AriError, match="Allocation failed"):
            await client.request("POST", "channels/create")


async def test_events_come_in_the_order_sent_and_after_up(asterisk: FakeAri, diary: Diary) -> None:
    asterisk.events_on_connect = [{"type": "StasisStart", "n": 0}]  # before the greeting is answered
    async with linked(asterisk, diary):
        await asterisk.emit(*({"type": "StasisStart", "n": n} for n in range(1, 50)))
        await diary.until("StasisStart 49")
    assert diary.entries[:51] == ["up", *(f"StasisStart {n}" for n in range(50))]


async def test_whoever_awaits_a_response_runs_before_the_next_event(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.answer = lambda request: None

        async def create() -> None:
            await client.request("POST", "channels/create")
            diary.write("created")

        task = asyncio.create_task(create())
        request = await asterisk.request_to("channels/create")
        await asterisk.emit({"type": "Dial", "n": 1})
        await asterisk.respond(request, 200, {})
        await asterisk.emit({"type": "Dial", "n": 2})
        await diary.until("Dial 2")
        await task
    assert diary.entries[:4] == ["up", "Dial 1", "created", "Dial 2"]


async def test_requests_leave_in_the_order_made_awaited_or_not(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        client.send("POST", "channels/x/answer")
        client.send("POST", "bridges/b", {"type": "mixing"})
        await client.request("POST", "bridges/b/addChannel", {"channel": "x"})
    assert asterisk.asked() == [
        "POST channels/x/answer",
        "POST bridges/b?type=mixing",
        "POST bridges/b/addChannel?channel=x",
    ]


async def test_a_refused_request_that_nobody_awaits_is_logged(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.answer = lambda request: (409 if "ring" in request["uri"] else 404, {"message": "no"})
        with capture_logs() as logs:
            client.send("POST", "channels/x/ring")
            client.send("DELETE", "channels/gone")
            with pytest.raises(NotFound):
                await client.request("GET", "channels/gone")
    failed = [(line["log_level"], line["error"]) for line in logs if line["event"] == "ari_request_failed"]
    assert failed == [("warning", "POST channels/x/ring: 409 no"), ("debug", "DELETE channels/gone: 404 no")]


async def test_a_lost_connection_tells_those_who_wait_and_mends_itself(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.answer = lambda request: None if request["uri"].startswith("channels") else (204, None)
        waiting = asyncio.create_task(client.request("POST", "channels/create"))
        unanswered = await asterisk.request_to("channels/create")
        await asterisk.break_off()
        with pytest.raises(AriUnavailable, match="broke"):
            await waiting
        await diary.until("up", times=2)
        # The response of the old connection comes on the new one: nobody waits for it, nothing breaks.
        await asterisk.respond(unanswered, 200, {"id": "x"})
        assert await client.request("POST", "bridges/b") is None
    assert diary.entries == ["up", "down", "up", "down"]


async def test_without_a_connection_requests_fail_at_once(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary) as client:
        asterisk.refuses_with = 503
        await asterisk.break_off()
        await diary.until("down")
        assert not client.connected
        with pytest.raises(AriUnavailable):
            await client.request("GET", "channels")
        with pytest.raises(AriUnavailable):
            client.send("POST", "channels/x/answer")
        asterisk.refuses_with = None
        await diary.until("up", times=2)
        await client.request("GET", "channels")
    assert asterisk.asked() == ["GET channels"]


async def test_asterisk_that_is_not_there_yet_is_awaited(asterisk: FakeAri, diary: Diary) -> None:
    asterisk.refuses_with = 503
    async with AriClient(asterisk.url, USERNAME, PASSWORD, APP, diary.event, lambda: diary.write("up"), lambda: None):
        await asterisk.until(lambda: len(asterisk.upgrades) >= 3)
        asterisk.refuses_with = None
        await diary.until("up")


async def test_a_response_that_does_not_come_is_given_up(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary, request_timeout=0.05) as client:
        asterisk.answer = lambda request: None
        with pytest.raises(AriUnavailable, match=r"no response in 0\.05 s"):
            await client.request("GET", "channels")
        asterisk.answer = lambda request: (200, [])
        assert await client.request("GET", "bridges") == []


async def test_only_the_wanted_events_are_asked_for_and_responses_with_them(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary, events=("StasisStart", "StasisEnd")):
        greeting = asterisk.requests[0]
    assert (greeting["method"], greeting["uri"]) == ("PUT", f"applications/{APP}/eventFilter")
    allowed = [entry["type"] for entry in orjson.loads(greeting["message_body"])["allowed"]]
    assert allowed == ["RESTResponse", "StasisStart", "StasisEnd"]


async def test_a_refused_greeting_is_not_up(asterisk: FakeAri, diary: Diary) -> None:
    asterisk.answer = lambda request: (500, {"message": "no"})
    with capture_logs() as logs:
        async with AriClient(
            asterisk.url, USERNAME, PASSWORD, APP, diary.event, lambda: diary.write("up"), print
        ) as client:
            await asterisk.request_to("applications/")
            await asterisk.until(lambda: len(asterisk.requests) >= 2)  # it tries again
            assert not client.connected
    assert diary.entries == []
    assert "ari_greeting_failed" in [line["event"] for line in logs]


async def test_a_listener_that_fails_loses_its_event_only(asterisk: FakeAri, diary: Diary) -> None:
    def listen(event: dict[str, Any]) -> None:
        if event["n"] == 1:
            raise KeyError("a mistake of ours")
        diary.event(event)

    with capture_logs() as logs:
        async with AriClient(asterisk.url, USERNAME, PASSWORD, APP, listen, lambda: diary.write("up"), lambda: None):
            await diary.until("up")
            await asterisk.emit({"type": "Dial", "n": 1}, {"type": "Dial", "n": 2})
            await diary.until("Dial 2")
    assert [line["event_type"] for line in logs if line["event"] == "ari_listener_failed"] == ["Dial"]
    assert len(asterisk.upgrades) == 1


async def test_gibberish_ends_the_connection_and_a_new_one_begins(asterisk: FakeAri, diary: Diary) -> None:
    async with linked(asterisk, diary):
        await asterisk.say_gibberish()
        await diary.until("up", times=2)
    assert len(asterisk.upgrades) == 2


async def test_the_password_is_in_no_address_and_no_log(asterisk: FakeAri, diary: Diary) -> None:
    asterisk.refuses_with = 401
    with capture_logs() as logs:
        async with AriClient(asterisk.url, USERNAME, PASSWORD, APP, diary.event, print, print):
            await asterisk.until(lambda: len(asterisk.upgrades) >= 2)
    assert PASSWORD not in str(asterisk.upgrades[0].url)
    assert asterisk.upgrades[0].headers["Authorization"].startswith("Basic ")
    assert logs[0]["event"] == "ari_refused"
    assert PASSWORD not in str(logs)


def test_an_asterisk_on_another_machine_is_refused() -> None:
    with pytest.raises(ValueError, match="must be on this machine"):
        AriClient("http://192.0.2.7:5088", USERNAME, PASSWORD, APP, print, print, print)
