"""Which happenings become events, with what stands in them; each once, in the transaction of what it tells (API-1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from webhook_office import Office

from centrale.accounts import channels, extensions, logons, plans, webhooks_log
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.journal import Journal
from centrale.accounts.messages import Message
from centrale.accounts.plans import PlanIn
from centrale.accounts.queue_event_writer import QueueEventWriter
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.webhooks import WebhookOut
from centrale.accounts.webhooks_events import EventType, voicemail_event
from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.queueing.happenings import Happening, What
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber
from centrale.webhooks.watching import Watching

CALLS = (EventType.CALL_STARTED, EventType.CALL_ANSWERED, EventType.CALL_ENDED)
QUEUES = tuple(EventType(it) for it in EventType if it.startswith(("queue.", "agent.")))
PHONE = ChannelName("phone100")


async def told(office: Office, hook: WebhookOut) -> list[tuple[str, dict[str, Any]]]:
    """What a webhook is told, in the order in which it was stored."""
    async with office.database.read() as unit:
        log = await webhooks_log.list_all(unit, office.account, hook.id)
        wholes = [await webhooks_log.get(unit, office.account, hook.id, it.id) for it in reversed(log)]
    return [(it.type, it.body["data"]) for it in wholes]


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    journal = Journal(tmp_path / "journal")
    yield journal
    journal.close()


def a_call(office: Office, id: str = "c1", **other: Any) -> CallRecord:
    now = office.clock.now()
    times = {"started": now, "answered": now + timedelta(seconds=3), "ended": now + timedelta(seconds=63)}
    people = {"caller": "201", "caller_name": "Jansen", "called": "202", "answered_by": "202 Bakker"}
    fields = times | people | {"outcome": Outcome.ANSWERED} | other
    return CallRecord(id, office.account, direction=Direction.INSIDE, **fields)


async def test_a_call_that_ended_is_told_with_its_record_once(office: Office, journal: Journal, tmp_path: Path) -> None:
    hook, _ = await office.hook(events=CALLS, active=False)
    writer = RecordWriter(office.database, journal, tmp_path / "aside.jsonl")
    record = a_call(office, caller_name="half \ud800 a letter \x00").as_json()
    journal.opened("c1", {})
    journal.closed("c1", record)
    await writer.flush()
    events = await told(office, hook)
    assert [type for type, _ in events] == ["call.started", "call.answered", "call.ended"]
    started, answered, ended = (data for _, data in events)
    assert (started["ended"], started["outcome"], started["talked"]) == (None, None, 0.0)
    assert (answered["answered_by"], answered["ended"]) == ("202 Bakker", None)
    assert (ended["outcome"], ended["talked"], ended["id"]) == ("answered", 60.0, "c1")

    journal.opened("c1", {})
    journal.closed("c1", record)  # as after a crash between the database and the journal
    await writer.flush()
    assert await told(office, hook) == events


async def test_nobody_is_told_of_what_was_before(office: Office, journal: Journal, tmp_path: Path) -> None:
    record = a_call(office, started=office.clock.now() - timedelta(minutes=1)).as_json()
    hook, _ = await office.hook(events=CALLS, active=False)
    journal.opened("c1", {})
    journal.closed("c1", record)
    await RecordWriter(office.database, journal, tmp_path / "aside.jsonl").flush()
    assert [type for type, _ in await told(office, hook)] == ["call.answered", "call.ended"]


async def test_a_mistake_in_an_event_does_not_keep_the_record(
    office: Office, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _ = await office.hook(events=CALLS, active=False)

    def stumbles(*_: object, **__: object) -> object:
        raise RuntimeError("stumbled")

    monkeypatch.setattr("centrale.accounts.webhooks_events.CallData.of", stumbles)
    journal.opened("c1", {})
    journal.closed("c1", a_call(office).as_json())
    writer = RecordWriter(office.database, journal, tmp_path / "aside.jsonl")
    await writer.flush()
    assert writer.waiting == 0
    assert await told(office, hook) == []


async def test_what_happens_in_queues(office: Office, journal: Journal, tmp_path: Path) -> None:
    hook, _ = await office.hook(events=QUEUES, active=False)
    office.clock.pass_time(seconds=1)
    now, queue = office.clock.now(), ExtensionNumber("500")
    tell = QueueEvents(journal)

    def happens(what: What, after: float = 0, **facts: Any) -> None:
        tell(Happening(office.account, now + timedelta(seconds=after), what, queue, since=now, **facts))

    agent = ExtensionNumber("201")
    happens(What.LOGGED_ON, agent=agent)
    happens(What.JOINED, call="c1")
    happens(What.OFFERED, 1, call="c1", agent=agent)
    happens(What.ANSWERED, 4, call="c1", agent=agent, seconds=4.0)
    happens(What.JOINED, call="c2")
    happens(What.ABANDONED, 9, call="c2", seconds=9.0)
    happens(What.FORWARDED, 9, call="c3", seconds=9.0, detail="too long")
    happens(What.LOGGED_OFF, 20, agent=agent, seconds=20.0)
    writer = QueueEventWriter(office.database, journal, tmp_path / "aside.jsonl", now)
    await writer.flush()
    events = await told(office, hook)
    assert [(type, data["call"], data["seconds"]) for type, data in events] == [
        ("agent.logged_on", None, None),
        ("queue.caller_waiting", "c1", None),
        ("queue.caller_answered", "c1", 4.0),
        ("queue.caller_waiting", "c2", None),
        ("queue.caller_abandoned", "c2", 9.0),
        ("queue.caller_left", "c3", 9.0),
        ("agent.logged_off", None, 20.0),
    ]
    assert events[5][1]["detail"] == "forwarded: too long"


async def test_logons_voicemail_and_changes(office: Office) -> None:
    hook, _ = await office.hook(
        events=[
            EventType.USER_LOGGED_ON,
            EventType.USER_LOGGED_OFF,
            EventType.VOICEMAIL_NEW,
            EventType.CONFIGURATION_CHANGED,
        ],
        active=False,
    )
    jansen, bakker = ExtensionNumber("201"), ExtensionNumber("202")
    message = Message(
        id="m1",
        mailbox="201",
        left_at=office.clock.now(),
        seconds=4,
        caller="+31612345678",
        caller_name="",
        call_id="c1",
        heard_at=None,
    )
    async with office.database.change("anna") as unit:
        await extensions.create(unit, office.account, ExtensionIn(number="202", kind="user", name="Bakker", pin="7391"))
        await logons.log_on(unit, office.account, jansen, PHONE, exclusive=True)
    async with office.database.change("user 202") as unit:
        await logons.log_on(unit, office.account, bakker, PHONE, exclusive=True)
        await logons.log_off(unit, office.account, bakker, None)
        unit.events.append(voicemail_event(office.account, message))
    events = [(type, data) for type, data in await told(office, hook) if data.get("object_type") != "webhook"]
    (changed, change), *rest = events
    assert (changed, change["actor"], change["action"]) == ("configuration.changed", "anna", "create")
    assert (change["object_key"], change["after"]["name"]) == ("202", "Bakker")
    assert "7391" not in str(change)
    assert [(type, data.get("user") or data["call"]) for type, data in rest] == [
        ("user.logged_on", "201"),
        ("user.logged_off", "201"),
        ("user.logged_on", "202"),
        ("user.logged_off", "202"),
        ("voicemail.new", "c1"),
    ]


async def test_nothing_is_told_of_what_was_taken_back(office: Office) -> None:
    hook, _ = await office.hook(events=[EventType.USER_LOGGED_ON], active=False)

    async def changes_their_mind() -> None:
        async with office.database.change("anna") as unit:
            await logons.log_on(unit, office.account, ExtensionNumber("201"), PHONE, exclusive=True)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await changes_their_mind()
    assert await told(office, hook) == []


class Phones:
    """Which phones are registered."""

    def __init__(self) -> None:
        self.there: set[str] | None = set()

    async def __call__(self) -> set[str] | None:
        return self.there


async def watching(office: Office, phones: Phones) -> Watching:
    """A process that has just begun to watch."""
    directory = Directory(office.database)
    await directory.load()
    await office.subscribed.load()
    return Watching(office.database, directory, office.subscribed, phones)


async def test_phones_that_come_and_go_also_while_nobody_looked(office: Office) -> None:
    hook, _ = await office.hook(events=[EventType.CHANNEL_REGISTERED, EventType.CHANNEL_UNREGISTERED], active=False)
    phones = Phones()
    watch = await watching(office, phones)
    await watch.look_at_phones(office.clock.now())
    assert await told(office, hook) == [], "how it was at first is no news"
    phones.there = {"phone100", "phone200"}
    for _ in range(2):
        await watch.look_at_phones(office.clock.now())
    phones.there = None
    await watch.look_at_phones(office.clock.now())
    assert await told(office, hook) == [("channel.registered", {"channel": "phone100"})]
    phones.there = set()
    after_a_crash = await watching(office, phones)
    await after_a_crash.look_at_phones(office.clock.now())
    assert (await told(office, hook))[1:] == [("channel.unregistered", {"channel": "phone100"})]


async def test_another_active_plan_by_hand_and_by_the_clock(office: Office) -> None:
    hook, _ = await office.hook(events=[EventType.PLAN_CHANGED], active=False)
    async with office.database.change("anna") as unit:
        day = await plans.create_plan(unit, office.account, 1, PlanIn(name="Day"))
    watch = await watching(office, Phones())
    await watch.look_at_plans(office.clock.now())
    async with office.database.change("anna") as unit:
        await plans.set_override(unit, office.account, 1, day.number)
    for process in (watch, await watching(office, Phones())):
        await process.look_at_plans(office.clock.now())
    ((type, data),) = await told(office, hook)
    assert (type, data["plan_name"], data["chosen_by"]) == ("plan.changed", "Day", "manual override")


async def test_who_wants_to_be_told_anew_hears_of_what_changes_from_then_on(office: Office) -> None:
    from centrale.accounts import webhooks

    first, _ = await office.hook(events=[EventType.CHANNEL_REGISTERED], active=False)
    phones = Phones()
    watch = await watching(office, phones)
    await watch.look_at_phones(office.clock.now())
    async with office.database.change("anna") as unit:
        await webhooks.delete(unit, office.account, first.id)
    await office.subscribed.load()
    await watch.look_at_phones(office.clock.now())
    phones.there = {"phone100"}
    second, _ = await office.hook(events=[EventType.CHANNEL_REGISTERED], active=False)
    await office.subscribed.load()
    for process in (watch, await watching(office, phones)):
        await process.look_at_phones(office.clock.now())
    assert await told(office, second) == []


async def test_a_channel_that_is_deleted_is_forgotten(office: Office) -> None:
    hook, _ = await office.hook(events=[EventType.CHANNEL_UNREGISTERED], active=False)
    phones = Phones()
    phones.there = {"phone100"}
    await (await watching(office, phones)).look_at_phones(office.clock.now())
    async with office.database.change("anna") as unit:
        await channels.delete(unit, AccountId(office.account), PHONE)
    await (await watching(office, phones)).look_at_phones(office.clock.now())
    assert await told(office, hook) == []
