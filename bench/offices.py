"""Two customers for `bench.api`: an office of 500 extensions whose people call, and one of 5,000.

Both have numbers, a number plan with a schedule, queues, a month of statistics, call records with traces, and people
who may sign in to the portal: what a request finds is as much as in an exchange that has been used for a while.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from sqlalchemy import insert, select

from bench import statistics
from bench.account import LANGUAGE, furnish
from bench.people import PASSWORD, Pair, pairs
from centrale.accounts import (
    accounts,
    extensions,
    numbers,
    plans,
    queue_event_store,
    records,
    schedules,
    sessions,
    tokens,
    trunks,
    web_users,
)
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import ChannelRow, ExtensionRow
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import MAIN, PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.plans_fields import ScheduleEntryIn
from centrale.accounts.records import Record
from centrale.accounts.roles import Role
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.unit import Unit
from centrale.accounts.web_users import WebUserIn
from centrale.bootstrap import open_database
from centrale.calls.record import Direction, Outcome
from centrale.routing.snapshot import AccountId
from centrale.routing.trace import Step
from centrale.settings import Settings

SMALL, LARGE = 500, 5_000
QUEUES = 20
FIRST_QUEUE = 70_000
NUMBERS = 20
RECORDS = 5_000
QUEUE_CALLS = 10_000
"""In the month of statistics."""
BROWSERS = 5
"""People of each office who are signed in to the portal."""
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Office:
    """What requests name. `cookies`: of its people's sessions; `token`: of its own programs."""

    account: AccountId
    extensions: tuple[str, ...]
    channels: tuple[str, ...]
    numbers: tuple[str, ...]
    calls: tuple[str, ...]
    cookies: tuple[str, ...]
    token: str
    email: str


async def furnish_offices(settings: Settings) -> tuple[list[Pair], list[Office]]:
    """Both, before the exchange starts. Gives who calls whom, too: one call in ten is to a queue of one agent."""
    people = pairs(SMALL // 2)
    small, _ = await furnish(settings, people)
    database = await open_database(settings)
    try:
        large = await _as_large(database, small)
        offices = [await _furnish(database, account, nth) for nth, account in enumerate((small, large))]
    finally:
        await database.close()
    for nth in range(QUEUES):
        people[10 * nth] = replace(people[10 * nth], callee_extension=str(FIRST_QUEUE + nth))
    return people, offices


async def _as_large(database: Database, small: AccountId) -> AccountId:
    """Another account with ten times as many people as `small` has."""
    async with database.change("bench") as unit:
        await trunks.create(unit, TrunkIn(name="outside", host="192.0.2.1", qualify=0))
        made = await accounts.create(unit, AccountIn(number="LARGE", name="Large", language=LANGUAGE))
        account = AccountId(made.id)
        await extensions.create(unit, account, ExtensionIn(number="10000", kind="user", name="Person"))
    async with database.connection() as connection:
        channel = (await connection.execute(select(ChannelRow.__table__).limit(1))).mappings().one()
        user = (
            (await connection.execute(select(ExtensionRow.__table__).where(ExtensionRow.account_id == account)))
            .mappings()
            .one()
        )
        many = [str(10_000 + nth) for nth in range(LARGE)]
        people = [{**user, "number": number, "name": f"Person {number}"} for number in many[1:]]
        await connection.execute(insert(ExtensionRow.__table__), people)
        phones = [
            {**channel, "account_id": account, "name": f"large{number}", "linked_user": number} for number in many
        ]
        await connection.execute(insert(ChannelRow.__table__), phones)
    return account


async def _furnish(database: Database, account: AccountId, nth: int) -> Office:
    lines = tuple(f"+3120555{nth}{line:03}" for line in range(NUMBERS))
    async with database.read() as unit:
        people = [it.number for it in await extensions.list_all(unit, account, kind="user")]
        channels = select(ChannelRow.name).where(ChannelRow.account_id == account).order_by(ChannelRow.name)
        names = tuple(await unit.session.scalars(channels))
    agents = [pair.callee_extension for pair in islice(pairs(SMALL), 0, None, 10)] if nth == 0 else people
    async with database.change("bench") as unit:
        await trunks.choose(unit, account, ["outside"])
        await _number_plan(unit, account, lines, people)
        for number in range(QUEUES):
            given = {"members": [{"agent": agents[number]}], "music": False, "call_limit": 100}
            name = f"Queue {number}"
            queue = ExtensionIn(number=str(FIRST_QUEUE + number), kind="queue", name=name, settings=given)
            await extensions.create(unit, account, queue)
        _, token = await tokens.create(unit, TokenIn(name="program", account=account))
        email = f"admin{nth}@measured.example"
        person = WebUserIn(email=email, name="Administrator", role=Role.ACCOUNT, account=account)
        id = (await web_users.create(unit, person)).id
        await web_users.set_password(unit, id, PASSWORD)
        begun = [await sessions.begin(unit, id, address="127.0.0.1", program="bench") for _ in range(BROWSERS)]
    calls = await _history(database, account, people)
    return Office(account, tuple(people), names, lines, calls, tuple(begun), token, email)


async def _number_plan(unit: Unit, account: AccountId, lines: Sequence[str], people: Sequence[str]) -> None:
    for line in lines:
        await numbers.create(unit, account, NumberIn(e164=line))
    for name, first in (("Open", 0), ("Closed", NUMBERS)):
        entries = [PlanEntryIn(e164=line, destination=people[first + nth]) for nth, line in enumerate(lines)]
        await plans.create_plan(unit, account, MAIN, PlanIn(name=name, entries=entries))
    await plans.change_schema(unit, account, MAIN, SchemaIn(name="Numbers", standing=2))
    week = {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "start": "09:00", "end": "17:30"}
    await schedules.create(unit, account, MAIN, ScheduleEntryIn.model_validate({**week, "plan": 1}))


async def _history(database: Database, account: AccountId, people: Sequence[str]) -> tuple[str, ...]:
    """Call records and queue calls of a month; gives the ids of some records."""
    dice = random.Random(account)
    made = [_record(dice, account, people, nth) for nth in range(RECORDS)]
    for first in range(0, RECORDS, _AT_ONCE):
        async with database.connection() as connection:
            await records.store(connection, made[first : first + _AT_ONCE])
    per_day = QUEUE_CALLS // statistics.DAYS
    for day in range(statistics.DAYS):
        midnight = statistics.BEGINNING + timedelta(days=day)
        events = statistics.day(dice, midnight, per_day, account * 1_000_000 + day * per_day)
        own = [it._replace(account=account, queue=str(FIRST_QUEUE - 300 + int(it.queue))) for it in events]
        async with database.connection() as connection:
            await queue_event_store.store(connection, own)
    return tuple(record.id for record in dice.sample(made, 500))


def _record(dice: random.Random, account: AccountId, people: Sequence[str], nth: int) -> Record:
    began = statistics.BEGINNING + timedelta(seconds=dice.randrange(30 * 86_400))
    rung, answered = began + timedelta(seconds=0.1), began + timedelta(seconds=5)
    ended = answered + timedelta(seconds=dice.expovariate(1 / 120))
    caller, called = dice.sample(people, 2)
    steps = [
        Step(began, rule, f"{called} Person {called}", {"caller": caller, "dialled": called}, ("no number plan",))
        for rule in ("entrance", "numbering", "caller id", "destination", "ring", "answer")
    ]
    return Record(
        id=f"bench-{account}-{nth:06}",
        account=account,
        started=began,
        ringing=rung,
        answered=answered,
        ended=ended,
        direction=Direction.INSIDE,
        caller=caller,
        called=called,
        channel=f"caller{caller}",
        answered_by=f"{called} Person",
        outcome=Outcome.ANSWERED,
        ended_by="caller",
        legs=[f"callee{called} answered"],
        trace=[step.as_json() for step in steps],
    )
