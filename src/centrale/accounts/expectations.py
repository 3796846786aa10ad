"""Saved expectations: what a call must come to, checked before a change goes live (NP-10).

Judging one takes a dry run, which `centrale.explain` makes; here they are kept.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

import structlog
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator
from sqlalchemy import Row, bindparam, func, select

from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.fields import ExtensionField, Input, Name, TelephoneNumberField
from centrale.accounts.models import ExpectationRow
from centrale.accounts.plans_fields import read_date_and_time, short_date_time
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.kinds.kind import semantic
from centrale.kinds.wall_time import TIME, read_time, short_time
from centrale.routing.schedule_times import WEEKDAYS, Weekday
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

AT_MOST = 200
"""Expectations of one account: all of them are checked at each change."""

_WEEKLY = re.compile(rf"(?P<day>{'|'.join(WEEKDAYS)}) (?P<time>{TIME})")


def _moment(text: str) -> str:
    if weekly := _WEEKLY.fullmatch(text.lower()):
        return f"{weekly['day']} {short_time(read_time(weekly['time']))}"
    try:
        return short_date_time(read_date_and_time(text))
    except ValueError:
        raise ValueError("is no moment; write it like monday 10:00 or 2026-12-25 10:00") from None


ExpectedMoment = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=40),
    AfterValidator(_moment),
    Field(json_schema_extra=semantic("week-or-date-time")),
]
"""On the account's wall: a weekday and time, or a date and time."""

Party = Annotated[str, StringConstraints(pattern=r"^\+?[A-Za-z0-9._-]{1,40}$")]
Entered = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,20}$")]


class People(StrEnum):
    """What those who are called do. Everybody is taken to be logged on."""

    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    BUSY = "busy"


class Told(StrEnum):
    """Why the caller reaches nobody."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    NOT_IN_USE = "not_in_use"


class ExpectedOutcome(Input):
    """What the call comes to: exactly one of these."""

    reaches: ExtensionField | None = Field(
        default=None,
        title="Reaches extension",
        description="It comes by there. Who rings as one of a group is `rings`.",
    )
    rings: list[Party] | None = Field(
        default=None, min_length=1, title="Rings together", description="Users by extension, others by their number."
    )
    hears: str | None = Field(
        default=None, min_length=1, max_length=200, title="Hears", description="Some of the words, or the sound's file."
    )
    leaves_message_in: ExtensionField | None = Field(default=None, title="Leaves a message in")
    goes_outside_to: TelephoneNumberField | None = Field(default=None, title="Goes outside to")
    is_told: Told | None = Field(default=None, title="Is told")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for _, value in self) != 1:
            raise ValueError(f"give exactly one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def one(self) -> tuple[str, Any]:
        """Which one, and what."""
        return next((name, value) for name, value in self if value is not None)

    def __str__(self) -> str:
        name, value = self.one
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        return _OUTCOMES[name].format(shown.replace("_", " ") if name == "is_told" else shown)


_OUTCOMES = {
    "reaches": "reaches {}",
    "rings": "rings {}",
    "hears": "hears “{}”",
    "leaves_message_in": "leaves message in {}",
    "goes_outside_to": "goes outside to {}",
    "is_told": "is told {}",
}
"""By the name of the outcome's field."""


class ExpectationIn(Input):
    """A call, and what it must come to."""

    name: Name = Field(title="Name")
    at: ExpectedMoment = Field(
        title="When",
        description="In the account's time: `monday 10:00` is one without a holiday, `2026-12-25 10:00` that very day.",
    )
    caller: Party = Field(title="Caller", description="A user's extension, a number outside, or anonymous.")
    called: Annotated[str, StringConstraints(pattern=r"^[0-9*#+]{1,40}$")] = Field(title="What is dialled")
    choices: list[Entered] = Field(
        default_factory=list, max_length=20, title="Enters", description="One for each question."
    )
    people: People = Field(default=People.ANSWER, title="Whoever is called")
    outcome: ExpectedOutcome = Field(title="Then the call")

    def __str__(self) -> str:
        entering = f", entering {', '.join(self.choices)}" if self.choices else ""
        people = {People.ANSWER: "", People.NO_ANSWER: ", when nobody answers", People.BUSY: ", when all are busy"}
        at = self.at[:1].upper() + self.at[1:]
        return f"{at}, from {self.caller} to {self.called}{entering}{people[self.people]}: {self.outcome}"

    def contents(self) -> dict[str, Any]:
        """All but the name, as it is stored and written into files."""
        stated = self.model_dump(mode="json", exclude={"name", "outcome", "id"}, exclude_defaults=True)
        return stated | {"outcome": self.outcome.model_dump(mode="json", exclude_none=True)}


class ExpectationOut(ExpectationIn):
    """An expectation as stored."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"id"})

    id: int = Field(title="Id")


def weekly(at: str) -> tuple[Weekday, time] | None:
    """The weekday and time of an `ExpectedMoment`; None when it is a date."""
    day, _, shown = at.partition(" ")
    return (Weekday(day), read_time(shown)) if day in WEEKDAYS else None


def date_and_time(at: str) -> datetime:
    """The date and time, without zone, of an `ExpectedMoment` that is none of the week."""
    return read_date_and_time(at)


async def create(unit: Unit, account: AccountId, data: ExpectationIn) -> ExpectationOut:
    """Whether it holds already does not matter. Raises `Conflict` when the name is taken, or there are too many."""
    await unit.lock(account)
    await _free(unit, account, data.name)
    query = select(func.max(ExpectationRow.id), func.count()).where(ExpectationRow.account_id == account)
    last, count = (await unit.session.execute(query)).one()
    if count >= AT_MOST:
        raise Conflict(f"an account has {AT_MOST} expectations at most; delete one first")
    row = ExpectationRow(account_id=account, id=(last or 0) + 1, name=data.name, contents=data.contents())
    await insert(unit, row, taken="it was made meanwhile", field="name")
    made = _out(row)
    await unit.audit(account, "create", "expectation", made.id, after=made.as_audit())
    return made


async def change(unit: Unit, account: AccountId, id: int, data: ExpectationIn) -> ExpectationOut:
    """Sets it anew. Raises `NotFound`, and `Conflict` when the name is taken."""
    await unit.lock(account)
    row = await _load(unit, account, id)
    before = _out(row)
    if data.name != row.name:
        await _free(unit, account, data.name)
    row.name, row.contents = data.name, data.contents()
    after = _out(row)
    await unit.audit(account, "change", "expectation", id, before=before.as_audit(), after=after.as_audit())
    return after


async def delete(unit: Unit, account: AccountId, id: int) -> None:
    """Raises `NotFound`."""
    await unit.lock(account)
    row = await _load(unit, account, id)
    before = {"name": row.name, **row.contents}
    await remove(unit, row)
    await unit.audit(account, "delete", "expectation", id, before=before)


async def get(unit: Unit, account: AccountId, id: int) -> ExpectationOut:
    """Raises `NotFound`."""
    return _out(await _load(unit, account, id))


async def find(unit: Unit, account: AccountId, name: str) -> ExpectationOut:
    """By name. Raises `NotFound`."""
    query = select(ExpectationRow).where(ExpectationRow.account_id == account, ExpectationRow.name == name)
    row = await unit.session.scalar(query)
    if row is None:
        raise NotFound("expectation", name)
    return _out(row)


_ALL = (
    select(ExpectationRow.id, ExpectationRow.name, ExpectationRow.contents)
    .where(ExpectationRow.account_id == bindparam("account"))
    .order_by(ExpectationRow.id)
)
"""Put together once: every change asks it."""


async def list_all(unit: Unit, account: AccountId) -> list[ExpectationOut]:
    """In the order in which they were made. One that another version of Centrale wrote, and this one cannot read, is
    left out: it must not stop everything else."""
    found = []
    for row in await unit.session.execute(_ALL, {"account": account}):
        try:
            found.append(_out(row))
        except ValidationError:
            log.exception("expectation.unreadable", account=account, expectation=row.id)
    return found


def _out(row: ExpectationRow | Row[int, str, dict[str, Any]]) -> ExpectationOut:
    return ExpectationOut(id=row.id, name=row.name, **row.contents)


async def _load(unit: Unit, account: AccountId, id: int) -> ExpectationRow:
    row = await unit.session.get(ExpectationRow, (account, id))
    if row is None:
        raise NotFound("expectation", id)
    return row


async def _free(unit: Unit, account: AccountId, name: str) -> None:
    query = select(ExpectationRow.id).where(ExpectationRow.account_id == account, ExpectationRow.name == name)
    if await unit.session.scalar(query) is not None:
        raise Conflict(f"there is an expectation “{name}” already", field="name")
