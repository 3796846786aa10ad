"""Nothing of one account is seen, used or changed from another one, by any function of storage (ACC-1)."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from centrale.accounts import (
    accounts,
    audit,
    channels,
    expectations,
    extension_check,
    extensions,
    extensions_shown,
    holidays,
    logons,
    messages,
    music,
    notices,
    numbers,
    outbox,
    plans,
    plans_changing,
    plans_override,
    plans_reading,
    plans_roll_back,
    plans_versions,
    queues,
    records,
    schedules,
    sip,
    snapshots,
    sound_copies,
    sounds,
    transfer,
    trunks,
    twinning,
)
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.errors import AccountsError, Invalid
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import MessageRow, MusicRow, NoticeRow, SoundRow
from centrale.accounts.music import MusicIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.sounds import SoundIn
from centrale.accounts.trunks import TrunkIn

from .ended_calls import call
from .office import JANSEN, MAIN, Office, person
from .office_hours import day_off, whole_week

PERSON, GROUP, CHANNEL, NUMBER, CALL = "277", "278", "their-desk", "+31209990000", "their-call"
ENTRY = PlanEntryIn(e164=NUMBER, destination=JANSEN)
QUEUE, MESSAGE, NOTICE = "279", "their-message", "their-notice"
EXPECTED = ExpectationIn(
    name="their-expectation", at="monday 10:00", caller="anonymous", called=NUMBER, outcome={"reaches": PERSON}
)
SOUND, NO_FOLDER = "their-sound.wav", Path("/nonexistent")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALWAYS, DAY_OFF = whole_week(5), day_off("their-day-off", "2026-03-01 00:00", "2026-03-04 00:00", 5)

REFUSED: list[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...], dict[str, Any]]] = [
    (channels.get, (CHANNEL,), {}),
    (channels.load, (CHANNEL,), {}),
    (channels.password_of, (CHANNEL,), {}),
    (channels.create, (ChannelIn(name=CHANNEL),), {}),
    (channels.create, (ChannelIn(name="mine", linked_user=PERSON),), {}),
    (channels.create, (ChannelIn(name="mine", emergency_caller_id=NUMBER),), {}),
    (channels.change, (CHANNEL, ChannelIn(password="a-password-of-mine")), {}),
    (channels.delete, (CHANNEL,), {}),
    (extensions.get, (PERSON,), {}),
    (extensions_shown.get, (PERSON,), {}),
    (extensions.load, (PERSON,), {}),
    (extensions.create, (person("203", default_caller_id=NUMBER),), {}),
    (extensions.create, (ExtensionIn(number="300", kind="group", name="Mine", settings={"members": [PERSON]}),), {}),
    (extensions.change, (PERSON, person(PERSON, "Taken")), {}),
    (extensions.edit, (PERSON, lambda _: person(PERSON, "Taken")), {}),
    (extension_check.check, (extension_check.Typed(PERSON, "user", "Taken"),), {"exists": True}),
    (extensions.delete, (PERSON,), {}),
    (extensions.set_pin, (PERSON, "4711"), {}),
    (extensions.set_pin_hash, (PERSON, "$argon2id$"), {}),
    (extensions.set_box_pin, (PERSON, "4711"), {}),
    (logons.log_on, (JANSEN, CHANNEL), {"exclusive": True}),
    (logons.log_on, (PERSON, "our-desk"), {"exclusive": True}),
    (logons.log_off, (PERSON, CHANNEL), {}),
    (numbers.get, (NUMBER,), {}),
    (numbers.load, (NUMBER,), {}),
    (numbers.uses, (NUMBER,), {}),
    (numbers.create, (NumberIn(e164=NUMBER),), {}),
    (numbers.create, (NumberIn(e164=MAIN, use="personal", user=PERSON),), {}),
    (numbers.change, (NUMBER, NumberIn(e164=NUMBER, use="personal", user=JANSEN)), {}),
    (numbers.delete, (NUMBER,), {}),
    (plans.get_schema, (2,), {}),
    (plans.load_schema, (2,), {}),
    (plans.change_schema, (2, SchemaIn(name="Mine")), {}),
    (plans.set_override, (2, 5), {}),
    (plans.delete_schema, (2,), {}),
    (plans.get_plan, (2, 5), {}),
    (plans.load_plan, (2, 5), {}),
    (plans.create_plan, (2, PlanIn(name="Mine")), {}),
    (plans.create_plan, (1, PlanIn(name="Mine", entries=[ENTRY])), {}),
    (plans.change_plan, (2, 5, PlanIn(name="Mine")), {}),
    (plans.copy_plan, (2, 5, 1), {}),
    (plans.delete_plan, (2, 5), {}),
    (plans_changing.begin, (2,), {}),
    (plans_override.override_temporarily, (2, 5, NOW), {}),
    (plans_override.override_until, (2, 5, NOW, NOW + timedelta(days=1)), {}),
    (plans_override.override_permanently, (2, 5, NOW), {}),
    (plans_override.back_to_schedule, (2, NOW), {}),
    (plans_versions.versions, (2,), {}),
    (plans_versions.get_version, (2, 1), {}),
    (plans_versions.diff, (2, 1), {}),
    (plans_versions.keep, (2,), {}),
    (plans_roll_back.roll_back, (2, 1), {}),
    (plans_roll_back.put, (2, None), {}),
    (schedules.list_all, (2,), {}),
    (schedules.get, (2, 1), {}),
    (schedules.create, (2, ALWAYS), {}),
    (schedules.change, (2, 1, ALWAYS), {}),
    (schedules.delete, (2, 1), {}),
    (schedules.replace_all, (2, []), {}),
    (holidays.list_all, (2,), {}),
    (holidays.get, (2, 1), {}),
    (holidays.create, (2, DAY_OFF), {}),
    (holidays.change, (2, 1, DAY_OFF), {}),
    (holidays.delete, (2, 1), {}),
    (holidays.remove_expired, (2, NOW), {}),
    (holidays.replace_all, (2, []), {}),
    (records.get, (CALL,), {}),
    (sounds.get, (SOUND,), {}),
    (sounds.load, (SOUND,), {}),
    (sounds.change, (SOUND, SoundIn(name="Mine")), {}),
    (sounds.delete, (NO_FOLDER, SOUND), {}),
    (sound_copies.copy_to, (NO_FOLDER, SOUND, JANSEN), {"field": None, "maker": "anna", "now": NOW}),
    (extensions.create, (ExtensionIn(number="400", kind="announcement", name="x", settings={"sound": SOUND}),), {}),
    (messages.get, (MESSAGE,), {}),
    (messages.set_heard, (MESSAGE, NOW), {}),
    (messages.delete, (MESSAGE,), {}),
    (outbox.get, (NOTICE,), {}),
    (outbox.retry, (NOTICE,), {}),
    (outbox.cancel, (NOTICE,), {}),
    (expectations.get, (1,), {}),
    (expectations.find, (EXPECTED.name,), {}),
    (expectations.change, (1, EXPECTED), {}),
    (expectations.delete, (1,), {}),
    (queues.load, (QUEUE,), {}),
    (queues.members, (QUEUE,), {}),
    (queues.admit, (QUEUE, JANSEN), {}),
    (music.get, (SOUND,), {}),
    (music.change, (SOUND, MusicIn(name="Mine")), {}),
    (music.delete, (NO_FOLDER, SOUND), {}),
    (music.put_in_order, ("", [SOUND]), {}),
    (music.check_room, ("279",), {}),
]
"""What Acme tries with things of Rival."""

OWN_ONLY: list[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]]] = [
    (accounts.get, ()),
    (accounts.shown, ()),
    (accounts.load, ()),
    (audit.list_all, ()),
    (channels.list_all, ()),
    (channels.listed, ()),
    (channels.suggest_name, ()),
    (extensions.list_all, ()),
    (extensions_shown.listed, ()),
    (logons.list_all, ()),
    (numbers.list_all, ()),
    (numbers.listed, ()),
    (plans.list_schemas, ()),
    (records.list_all, ()),
    (messages.list_all, (PERSON,)),
    (messages.ids, ()),
    (messages.is_there, (MESSAGE,)),
    (messages.new_count, (PERSON,)),
    (messages.old_count, (PERSON,)),
    (outbox.list_all, ()),
    (expectations.list_all, ()),
    (sounds.list_all, ()),
    (music.list_all, (None,)),
    (transfer.export, ()),
    (trunks.chosen, ()),
    (twinning.phones_allowed, (PERSON,)),
    (twinning.check_links, ()),
]
"""What Acme looks at, or does without naming anything of Rival."""

ELSEWHERE = {
    # Of one account by itself: other files tell what they do.
    accounts.change,
    accounts.delete,
    accounts.hand_over,
    plans.create_schema,
    trunks.choose,
    extensions.forget_failures,
    logons.clear_channel,
    logons.clear_user,
    logons.lock,
    sounds.add,
    music.add,
    music.forget_queue,
    messages.add,
    messages.in_box,
    expectations.create,
    queues.log_on,
    queues.log_off,
    queues.clear,
    notices.takes_along,
}


@pytest.fixture
async def theirs(database: Database, office: Office, rivals: Office) -> Office:
    """Rival with one of everything, and Acme with a phone."""
    await rivals.employ(PERSON, "their-person", pin="4711", rights={"twinning": True})
    await rivals.group(GROUP, PERSON)
    await rivals.number(NUMBER)
    await rivals.settings(emergency_caller_id=NUMBER, name="their-name")
    await rivals.phone(CHANNEL)
    await rivals.do(plans.create_schema, SchemaIn(name="their-schema"))
    entry = PlanEntryIn(e164=NUMBER, destination=PERSON, prefix="their-prefix")
    await rivals.do(plans.create_plan, 2, PlanIn(number=5, name="their-plan", entries=[entry]))
    await rivals.do(schedules.create, 2, ALWAYS)
    await rivals.do(holidays.create, 2, DAY_OFF)
    async with database.change("their-administrator") as unit:
        await trunks.create(unit, TrunkIn(name="their-trunk", host="192.0.2.1"))
        await trunks.choose(unit, rivals.id, ["their-trunk"])
        await logons.log_on(unit, rivals.id, PERSON, CHANNEL, exclusive=True)
    async with database.connection() as connection:
        await records.store(connection, [call(CALL, account=rivals.id, caller_name="their-person")])
    async with database.change("their-administrator") as unit:
        made = {"account_id": rivals.id, "file": SOUND, "name": "their-sound", "seconds": 1.0, "created": NOW}
        await sounds.insert(unit, SoundRow(**made, note="", origin="upload", maker="their-person"))
        unit.session.add(MusicRow(**made, owner="", position=1, volume=0))
        message = {"id": MESSAGE, "account_id": rivals.id, "mailbox": PERSON, "left_at": NOW, "heard_at": None}
        unit.session.add(MessageRow(**message, seconds=3.0, caller=NUMBER, caller_name="their-caller", call_id=CALL))
        notice = {"id": NOTICE, "account_id": rivals.id, "way": "mail", "recipient": "their-person", "created": NOW}
        text = {"subject": "their-subject", "body": "their-body", "private": False, "message_id": MESSAGE}
        sending = {"attach": False, "delete_after": False, "state": "waiting", "tries": 0, "next_try": NOW}
        unit.session.add(NoticeRow(**notice, **text, **sending, sent=None, problem=None))
    await rivals.do(extensions.create, ExtensionIn(number=QUEUE, kind="queue", name="their-queue"))
    await rivals.do(queues.admit, QUEUE, PERSON)
    await rivals.do(expectations.create, EXPECTED)
    await office.phone("our-desk")
    return rivals


async def everything(office: Office) -> tuple[Any, ...]:
    return (
        await office.see(transfer.export, with_secrets=True),
        await office.see(logons.list_all),
        await office.see(audit.list_all, limit=1000),
        await office.see(records.list_all),
    )


async def is_refused(attempt: Awaitable[object]) -> bool:
    try:
        await attempt
    except AccountsError:
        return True
    return False


async def test_acme_can_do_nothing_with_what_is_rivals(office: Office, theirs: Office) -> None:
    before = await everything(theirs)
    for function, arguments, keywords in REFUSED:
        assert await is_refused(office.do(function, *arguments, **keywords)), (function, arguments)
    assert await everything(theirs) == before


async def test_acme_sees_nothing_of_rival(office: Office, theirs: Office) -> None:
    for function, arguments in OWN_ONLY:
        found = await office.see(function, *arguments)
        told = repr(found) + repr(getattr(found, "__dict__", ""))
        assert "their-" not in told, function
        assert NUMBER not in told, function
        assert PERSON not in told, function


async def test_equal_numbers_in_two_accounts_are_two_things(office: Office, theirs: Office) -> None:
    before = await everything(theirs)
    await office.settle(JANSEN, "Changed", ring_for=11)
    await office.do(extensions.set_pin, JANSEN, "5812")
    await office.do(plans.change_schema, 1, SchemaIn(name="Changed"))
    await office.do(extensions.delete, "202")
    async with office.database.change("anna") as unit:
        await logons.clear_channel(unit, office.id, CHANNEL)
        await logons.clear_user(unit, office.id, PERSON)
        await extensions.forget_failures(unit, office.id, PERSON)
    await office.do(logons.log_off, PERSON, None)
    await office.do(accounts.delete)
    assert await everything(theirs) == before


async def test_the_switch_is_told_of_the_accounts_asked_for(office: Office, theirs: Office) -> None:
    async with office.database.read() as unit:
        assert [it.name for it in await sip.sip_channels(unit, [office.id])] == ["our-desk"]


async def test_a_picture_holds_one_account(office: Office, theirs: Office) -> None:
    async with office.database.read() as unit:
        for part in (
            snapshots.headers,
            snapshots.pictures,
            snapshots.extensions,
            snapshots.channels,
            snapshots.numbers,
            snapshots.schemas,
            snapshots.trunks,
            snapshots.phone_logons,
        ):
            found = repr(await part(unit.session, [office.id]))
            assert "their-" not in found, part
            assert PERSON not in found, part


def test_no_function_of_an_account_was_forgotten_here() -> None:
    told = {it[0] for it in (*REFUSED, *OWN_ONLY)} | ELSEWHERE
    of_plans = (plans, plans_changing, plans_override, plans_reading, plans_roll_back, plans_versions)
    others = (
        accounts,
        audit,
        channels,
        extensions,
        extensions_shown,
        logons,
        numbers,
        records,
        transfer,
        trunks,
        twinning,
        sounds,
        music,
        messages,
        outbox,
        notices,
        expectations,
        queues,
    )
    for module in (*of_plans, schedules, holidays, sound_copies, *others):
        for function in _of_an_account(module):
            assert function in told, f"{module.__name__}.{function.__name__}"


def _of_an_account(module: ModuleType) -> list[Callable[..., Awaitable[Any]]]:
    return [
        function
        for name, function in vars(module).items()
        if inspect.iscoroutinefunction(function)
        and not name.startswith("_")
        and function.__module__ == module.__name__
        and list(inspect.signature(function).parameters)[:2] == ["unit", "account"]
        and "AccountId" in str(inspect.signature(function).parameters["account"].annotation)
    ]


async def test_the_check_of_an_extension_knows_nothing_of_others(office: Office, rivals: Office) -> None:
    """It is answered, not refused; and says what it would say if there were none."""
    theirs = extension_check.Typed("203", "user", "New", {"default_caller_id": NUMBER})
    told = await office.do(extension_check.check, theirs, exists=False)
    assert [problem.problems[0].field for problem in told.problems if isinstance(problem, Invalid)] == [
        "settings.default_caller_id"
    ]
