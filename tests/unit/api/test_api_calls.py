"""Live calls, their stream of changes, and the records that they leave (API-1, OPS-2)."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode

import pytest
from api_world import ApiWorld

from centrale.accounts.tokens import Scope
from centrale.api import live_feed
from centrale.routing.snapshot import AccountId
from centrale.telephony.simulated import SimulatedPhone
from centrale.telephony.switch import SwitchDown


class Office:
    """Jansen (201) and Bakker (202), each at a phone."""

    def __init__(self, world: ApiWorld, account: int, jansen: SimulatedPhone, bakker: SimulatedPhone) -> None:
        self.world = world
        self.account = account
        self.jansen = jansen
        self.bakker = bakker
        self.base = f"/api/v1/accounts/{account}"

    async def running(self) -> list[dict[str, object]]:
        return list((await self.world.platform.get(f"{self.base}/calls")).json()["items"])

    async def over(self) -> None:
        """Every call has ended and its record is stored."""
        await self.world.exchange.idle()
        await self.world.writer.flush()


@pytest.fixture
async def office(world: ApiWorld) -> Office:
    account = await world.company()
    first, second = world.channels(account)
    return Office(world, account, await world.phone(first), await world.phone(second))


async def test_a_running_call_is_shown_as_it_goes_on(office: Office) -> None:
    assert await office.running() == []
    calling = await office.jansen.dials("202")
    ringing = await office.bakker.rings()
    await calling.ringing()
    (call,) = await office.running()
    assert (call["state"], call["caller"], call["called"], call["users"]) == ("ringing", "201", "202", ["201"])
    await ringing.answer()
    await calling.answered()
    (call,) = await office.running()
    assert (call["state"], call["answered_by"], call["users"]) == ("talking", "202 Bakker", ["201", "202"])
    shown = await office.world.platform.get(f"{office.base}/calls/{call['id']}")
    assert shown.json() == call
    await calling.hang_up()
    await office.over()
    assert await office.running() == []
    assert (await office.world.platform.get(f"{office.base}/calls/{call['id']}")).status_code == 404


async def test_an_administrator_ends_a_call_and_the_record_says_so(office: Office) -> None:
    calling = await office.jansen.dials("202")
    ringing = await office.bakker.rings()
    await ringing.answer()
    await calling.answered()
    (call,) = await office.running()
    place = f"{office.base}/calls/{call['id']}"
    assert (await office.world.platform.delete(place)).status_code == 204
    await calling.ended()
    await ringing.ended()
    await office.over()
    record = (await office.world.platform.get(f"{office.base}/records/{call['id']}")).json()
    assert (record["outcome"], record["ended_by"]) == ("answered", "exchange")
    step = next(step for step in record["trace"] if step["rule"] == "hang-up")
    assert step["facts"] == {"by": "token 1 (administrator)"}
    assert (await office.world.platform.delete(place)).status_code == 404


async def test_a_supervisor_ends_a_call_and_is_named_and_an_end_user_does_not(office: Office) -> None:
    calling = await office.jansen.dials("202")
    await office.bakker.rings()
    (call,) = await office.running()
    place = f"{office.base}/calls/{call['id']}"
    account = int(office.base.rpartition("/")[2])
    end_user = await office.world.person("eve@a.example", "end_user", account=account, extension="201")
    assert (await end_user.client.delete(place)).status_code == 403
    supervisor = await office.world.person("sue@a.example", "supervisor", account=account)
    assert (await supervisor.client.delete(place)).status_code == 204
    await calling.ended()
    await office.over()
    record = (await office.world.platform.get(f"{office.base}/records/{call['id']}")).json()
    step = next(step for step in record["trace"] if step["rule"] == "hang-up")
    assert step["facts"] == {"by": "web user sue@a.example"}


async def test_a_ringing_call_that_is_ended_was_not_answered(office: Office) -> None:
    calling = await office.jansen.dials("202")
    ringing = await office.bakker.rings()
    (call,) = await office.running()
    await office.world.platform.delete(f"{office.base}/calls/{call['id']}")
    await calling.ended()
    await ringing.ended()
    await office.over()
    record = (await office.world.platform.get(f"{office.base}/records/{call['id']}")).json()
    assert (record["outcome"], record["ended_by"], record["answered"]) == ("unanswered", "exchange", None)


async def test_a_switch_that_is_away_ends_nothing_and_the_record_stays_honest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calling = await office.jansen.dials("202")
    ringing = await office.bakker.rings()
    await ringing.answer()
    await calling.answered()
    (call,) = await office.running()

    async def away(*_: object) -> None:
        raise SwitchDown("no connection")

    with monkeypatch.context() as gone:
        gone.setattr(office.world.switch, "hang_up", away)
        refused = await office.world.platform.delete(f"{office.base}/calls/{call['id']}")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    await ringing.hang_up()
    await office.over()
    record = (await office.world.platform.get(f"{office.base}/records/{call['id']}")).json()
    assert (record["outcome"], record["ended_by"]) == ("answered", "called")


async def test_the_stream_begins_with_what_runs_and_goes_on_with_what_changes(office: Office) -> None:
    token = await office.world.token(office.account)
    stream = await office.world.events(office.account, token)
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert (await stream.next()).data == {"calls": []}

    calling = await office.jansen.dials("202")
    began = await stream.next()
    assert (began.event, began.data["state"], began.data["caller"]) == ("began", "arriving", "201")
    ringing = await office.bakker.rings()
    changed = await stream.next()
    assert (changed.event, changed.data.keys()) == ("changed", {"id", "state", "ringing"})
    assert changed.data["state"] == "ringing"
    await ringing.answer()
    changed = await stream.next()
    assert changed.data.keys() == {"id", "state", "answered", "answered_by", "users"}
    assert changed.data["users"] == ["201", "202"]
    await calling.hang_up()
    ended = await stream.next()
    assert (ended.event, ended.data["id"], ended.data["outcome"]) == ("ended", began.data["id"], "answered")
    assert len({began.id, changed.id, ended.id}) == 3

    late = await office.world.events(office.account, token)
    assert (await late.next()).data == {"calls": []}


async def test_a_stream_that_broke_off_goes_on_where_it_was(office: Office) -> None:
    token = await office.world.token(office.account)
    stream = await office.world.events(office.account, token)
    seen = await stream.next()
    calling = await office.jansen.dials("202")
    began = await stream.next()
    await office.bakker.rings()
    await calling.hang_up()
    await office.over()

    again = await office.world.events(office.account, token, last=began.id)
    missed = [(await again.next()).event for _ in range(2)]
    assert missed == ["changed", "ended"], "and nothing of what had been seen"
    from_the_start = await office.world.events(office.account, token, last=seen.id)
    assert (await from_the_start.next()).event == "began"


@pytest.mark.parametrize("last", ["", "nonsense", "00000000-3", "{run}-99", "{run}--1", "{run}-", "{run}-²"])
async def test_one_that_cannot_be_taken_up_shows_the_world_again(office: Office, last: str) -> None:
    calling = await office.jansen.dials("202")
    await office.bakker.rings()
    token = await office.world.token(office.account)
    run = (await (await office.world.events(office.account, token)).next()).id.partition("-")[0]
    stream = await office.world.events(office.account, token, last=last.format(run=run))
    first = await stream.next()
    assert (first.event, [call["caller"] for call in first.data["calls"]]) == ("calls", ["201"])
    await calling.hang_up()


async def test_one_that_fell_behind_the_history_shows_the_world_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "KEPT", 2)
    token = await office.world.token(office.account)
    old = (await (await office.world.events(office.account, token)).next()).id
    calling = await office.jansen.dials("202")
    await office.bakker.rings()
    await calling.hang_up()
    await office.over()
    stream = await office.world.events(office.account, token, last=old)
    assert (await stream.next()).event == "calls"


async def test_calls_that_nobody_looks_at_any_more_are_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed: live_feed.LiveFeed = office.world.app.state.feed
    with feed.watching(AccountId(office.account)) as watched:
        seen = watched.history.id(0)
        calling = await office.jansen.dials("202")
        await office.bakker.rings()
        told = watched.history.last
        assert told >= 1
        monkeypatch.setattr(live_feed, "FORGET_AFTER", 0.0)
    await asyncio.sleep(0.001)  # a timer of no time at all comes before this one
    await calling.hang_up()
    await office.over()
    assert watched.history.last == told, "nobody writes for nobody"
    stream = await office.world.events(office.account, await office.world.token(office.account), last=seen)
    assert (await stream.next()).event == "calls", "and an id of then is none of now"


async def test_a_stream_tells_nothing_of_other_accounts(office: Office) -> None:
    """Not even how much they telephone: each account's events are numbered on their own."""
    rival = await office.world.company("2000", "Rival")
    token = await office.world.token(rival)
    stream = await office.world.events(rival, token)
    before = await stream.next()
    calling = await office.jansen.dials("202")
    await office.bakker.rings()
    await calling.hang_up()
    await office.over()
    phone = await office.world.phone(office.world.channels(rival)[0])
    theirs = await phone.dials("202")
    began = await stream.next()
    assert began.data["account"] == rival
    assert int(began.id.partition("-")[2]) == int(before.id.partition("-")[2]) + 1
    await theirs.hang_up()
    foreign = await office.world.events(office.account, token)
    assert foreign.status == 404


async def test_a_stream_ends_at_once_when_its_token_is_revoked(office: Office) -> None:
    made = (await office.world.platform.post("/api/v1/tokens", json={"name": "wall", "account": office.account})).json()
    stream = await office.world.events(office.account, made["token"])
    await stream.next()
    await office.world.platform.delete(f"/api/v1/tokens/{made['id']}")
    with pytest.raises(EOFError):
        await stream.next()


async def test_streams_end_with_the_exchange(office: Office) -> None:
    stream = await office.world.events(office.account, await office.world.token(office.account))
    await stream.next()
    office.world.app.state.feed.close()
    with pytest.raises(EOFError):
        await stream.next()


async def test_a_hostile_name_stops_nobody_who_looks(office: Office) -> None:
    token = await office.world.token(office.account)
    stream = await office.world.events(office.account, token)
    await stream.next()
    calling = await office.jansen.dials("202")
    await office.bakker.rings()
    (running,) = office.world.calls.live.of()
    running.record.caller_name = "\ud800<script>\r\n\r\nevent: x"
    office.world.calls.live.changed(running)
    assert (await office.running())[0]["caller_name"] == "?<script>\r\n\r\nevent: x"
    events = [await stream.next() for _ in range(3)]
    assert events[-1].data["caller_name"] == "?<script>\r\n\r\nevent: x"
    await calling.hang_up()


async def test_every_call_leaves_a_record_that_explains_it(office: Office) -> None:
    for dialled in ("202", "209"):
        calling = await office.jansen.dials(dialled)
        if dialled == "202":
            await office.bakker.rings()
            office.world.clock.pass_time(seconds=5)
            await calling.hang_up()
        else:
            await calling.ended()
        await office.over()
        office.world.clock.pass_time(hours=1)
    listed = (await office.world.platform.get(f"{office.base}/records")).json()["items"]
    assert [(record["called"], record["outcome"]) for record in listed] == [("209", "refused"), ("202", "abandoned")]
    assert "trace" not in listed[0]
    record = (await office.world.platform.get(f"{office.base}/records/{listed[1]['id']}")).json()
    assert "ring" in [step["rule"] for step in record["trace"]]
    assert all(step["at"] and step["outcome"] for step in record["trace"])


async def test_records_are_found_by_time_and_by_who_took_part(office: Office) -> None:
    for _ in range(3):
        calling = await office.jansen.dials("202")
        await office.bakker.rings()
        await calling.hang_up()
        await office.over()
        office.world.clock.pass_time(hours=1)
    place = f"{office.base}/records"

    async def count(**query: str) -> int:
        return len((await office.world.platform.get(place, params=query)).json()["items"])

    assert await count(caller="201") == await count(called="202") == await count(extension="202") == 3
    assert await count(caller="202") == await count(extension="203") == 0
    assert await count(outcome="abandoned") == 3
    assert await count(outcome="answered") == 0
    assert await count(since="2026-11-23T10:00:00+01:00") == 2
    assert await count(until="2026-11-23T09:00:00Z") == 1
    first = (await office.world.platform.get(place, params={"limit": "2"})).json()
    rest = (await office.world.platform.get(place, params={"limit": "2", "after": first["next"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    wrong = await office.world.platform.get(place, params={"caller": " 31201234567"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/caller")


async def test_who_answered_for_a_group_took_part_too(office: Office) -> None:
    group = {"number": "300", "kind": "group", "name": "Sales", "settings": {"members": ["202"]}}
    await office.world.platform.post(f"{office.base}/extensions", json=group)
    calling = await office.jansen.dials("300")
    ringing = await office.bakker.rings()
    await ringing.answer()
    await calling.answered()
    await calling.hang_up()
    await office.over()
    for extension in ("201", "300", "202"):
        found = await office.world.platform.get(f"{office.base}/records", params={"extension": extension})
        assert len(found.json()["items"]) == 1, extension


@pytest.mark.parametrize(
    "place", ["0001-01-01T00:00:00+14:00~x", "2026-11-23T08:00:00~x", "2026-11-23T08:00:00+00:00~"]
)
async def test_a_made_up_place_in_the_list_is_refused(office: Office, place: str) -> None:
    after = urlsafe_b64encode(place.encode()).decode()
    refused = await office.world.platform.get(f"{office.base}/records", params={"after": after})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/after")


async def test_a_call_can_be_tried_without_ringing_anybody(office: Office) -> None:
    reader = await office.world.as_account(office.account, Scope.READ)
    answer = await reader.post(f"{office.base}/explain", json={"caller": "201", "called": "202"})
    assert answer.status_code == 200
    assert answer.json()["trace"][0]["outcome"] == "201 would call 202"
    assert answer.json()["started"] == "2026-11-23T08:00:00Z", "now"
    at = {"caller": "+31612345678", "called": "+31201234567", "at": "2026-12-25T10:00:00+01:00"}
    assert (await reader.post(f"{office.base}/explain", json=at)).json()["started"] == "2026-12-25T10:00:00+01:00"
    naive = await reader.post(f"{office.base}/explain", json=at | {"at": "2026-12-25T10:00:00"})
    assert naive.json()["errors"][0]["message"] == "Needs a time zone, such as 2026-03-02T09:00:00Z."
    await asyncio.sleep(0)
    assert not len(office.world.calls.live)
