"""Import of a file of contacts into one book: first what would happen to each line, then the doing of it (ACC-7).

A line means the contact with its id, else one of the same name and company: one with the very same contents, one that
shares a number, or the only one. Lines stand by themselves, so a file is carried out in many small transactions:
phones log on and records are stored between them, and calls do not wait. Whoever sends the same file again finds what
is done already unchanged.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from pydantic import ValidationError
from sqlalchemy import insert, or_, select

from centrale.accounts import contacts, contacts_csv, contacts_text, contacts_vcard
from centrale.accounts.contacts import OBJECT, OBJECTS, OWN_OBJECT, Owner
from centrale.accounts.contacts_fields import ContactIn, ContactOut, Home
from centrale.accounts.contacts_lines import Line, rejected, text_of
from centrale.accounts.database import Database
from centrale.accounts.errors import Conflict, Invalid, Problem
from centrale.accounts.models import AuditRow, ContactRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

TOGETHER = 250
"""Lines of one transaction."""

AT_A_STRETCH = 20
"""Lines that are looked at before others get their turn: some 3 ms."""


class Verdict(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of the file. `problems`: why it was rejected. `fields`: which of them change."""

    line: int
    verdict: Verdict
    name: str = ""
    problems: tuple[Problem, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Progress:
    """How far an import is, in lines. `of`: 0 until the file has been read."""

    done: int = 0
    of: int = 0


@dataclass(slots=True)
class _Step:
    outcome: Outcome
    wanted: ContactIn | None = None
    before: ContactOut | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """Contacts that some lines may mean; those of one name from the oldest on."""

    by_key: Mapping[str, Sequence[ContactOut]]
    by_id: Mapping[int, ContactOut]


@dataclass(slots=True)
class Import:
    """One file for one book of an account."""

    database: Database
    account: AccountId
    owner: Owner
    lines: Sequence[Line]
    progress: Progress = field(default_factory=Progress)
    _taken: set[int] = field(default_factory=set)
    """Contacts that a line meant, or made."""
    _seen: dict[tuple[str, frozenset[str]], int] = field(default_factory=dict)

    async def preview(self) -> list[Outcome]:
        """What `perform` would do; changes nothing."""
        found: list[Outcome] = []
        for part in self._parts():
            async with self.database.read() as unit:
                found += [step.outcome for step in await self._plan(unit, part)]
            self.progress.done += len(part)
        return found

    async def perform(self, actor: str) -> list[Outcome]:
        """Does it, in the name of `actor`. Raises `Conflict` when there are too many contacts; what was done until then
        stays."""
        found: list[Outcome] = []
        for part in self._parts():
            async with self.database.change(actor) as unit:
                await unit.lock(self.account)
                steps = await self._plan(unit, part)
                await self._carry_out(unit, steps)
            found += [step.outcome for step in steps]
            self.progress.done += len(part)
        return found

    def _parts(self) -> Iterator[Sequence[Line]]:
        self.progress.done, self.progress.of = 0, len(self.lines)
        rest = iter(self.lines)
        while part := list(islice(rest, TOGETHER)):
            yield part

    async def _plan(self, unit: Unit, part: Sequence[Line]) -> list[_Step]:
        home = await contacts.home_of(unit, self.account)
        known = await self._known(unit, part)
        steps: list[_Step] = []
        for place, line in enumerate(part):
            if place % AT_A_STRETCH == 0:
                await asyncio.sleep(0)
            steps.append(self._step(home, known, line))
        return steps

    async def _known(self, unit: Unit, part: Sequence[Line]) -> _Known:
        """The contacts of the book that these lines may mean."""
        names = {_key(line.values) for line in part if not line.problem}
        ids = {line.id for line in part if line.id is not None}
        whose = ContactRow.owner.is_(None) if self.owner is None else ContactRow.owner == self.owner
        query = select(ContactRow).where(ContactRow.account_id == self.account, whose)
        query = query.where(or_(ContactRow.by_name.in_(names), ContactRow.id.in_(ids))).order_by(ContactRow.id)
        rows = (await unit.session.scalars(query)).all()
        numbers = await contacts.numbers_of(unit, [row.id for row in rows])
        by_key: dict[str, list[ContactOut]] = {}
        for row in rows:
            by_key.setdefault(row.by_name, []).append(contacts.shown(row, numbers[row.id]))
        return _Known(by_key, {it.id: it for same in by_key.values() for it in same})

    def _step(self, home: Home, known: _Known, line: Line) -> _Step:
        if line.problem:
            return _Step(_rejected(line))
        name = contacts_text.display_name(*(str(line.values.get(it, "")) for it in _NAMES))[:190]
        try:
            before = self._meant(home, known, line)
            stored = {} if before is None else before.model_dump(include=set(ContactIn.model_fields))
            wanted = home.normal(ContactIn.model_validate({**stored, **line.values}))
        except ValidationError as error:
            return _Step(Outcome(line.line, Verdict.REJECTED, name, Invalid.of(error).problems))
        except Invalid as error:
            return _Step(Outcome(line.line, Verdict.REJECTED, name, error.problems))
        same = (_key(wanted.model_dump(include=set(_NAMES))), frozenset(it.number for it in wanted.numbers))
        if (earlier := self._seen.setdefault(same, line.line)) != line.line:
            return _Step(_rejected(rejected(line.line, f"it is the same as line {earlier}"), name))
        if before is None:
            return _Step(Outcome(line.line, Verdict.ADDED, wanted.name), wanted)
        self._taken.add(before.id)
        if _in_any_order(before) == _in_any_order(wanted):
            wanted = wanted.model_copy(update={"numbers": before.numbers})  # a file has them by their kind
        fields = tuple(it for it in ContactIn.model_fields if getattr(before, it) != getattr(wanted, it))
        verdict = Verdict.CHANGED if fields else Verdict.UNCHANGED
        return _Step(Outcome(line.line, verdict, wanted.name, fields=fields), wanted if fields else None, before)

    def _meant(self, home: Home, known: _Known, line: Line) -> ContactOut | None:
        if line.id is not None and line.id in known.by_id and line.id not in self._taken:
            return known.by_id[line.id]
        same = [it for it in known.by_key.get(_key(line.values), ()) if it.id not in self._taken]
        if not same:
            return None
        alone = ContactIn.model_validate({**line.values})
        numbers = {it.number for it in home.normal(alone).numbers}
        very_same = [it for it in same if {number.number for number in it.numbers} == numbers]
        sharing = [it for it in same if any(number.number in numbers for number in it.numbers)]
        best = very_same or sharing or (same if len(same) == 1 else [])
        return best[0] if best else None

    async def _carry_out(self, unit: Unit, steps: Sequence[_Step]) -> None:
        new = [step for step in steps if step.wanted is not None and step.before is None]
        changed = [step for step in steps if step.wanted is not None and step.before is not None]
        numbers: list[tuple[int, Any]] = []
        notes: list[tuple[str, int, ContactOut | None, ContactIn]] = []
        if new:
            await contacts.room_for(unit, self.account, self.owner, len(new))
            values = [
                {"account_id": self.account, "owner": self.owner, **contacts.columns(step.wanted)}
                for step in new
                if step.wanted
            ]
            made = insert(ContactRow).returning(ContactRow.id, sort_by_parameter_order=True)
            for step, id in zip(new, (await unit.session.scalars(made, values)).all(), strict=True):
                assert step.wanted is not None
                self._taken.add(id)
                numbers.append((id, step.wanted.numbers))
                notes.append(("create", id, None, step.wanted))
        for step in changed:
            assert step.wanted is not None
            assert step.before is not None
            row = await unit.session.get_one(ContactRow, step.before.id)
            for name, value in contacts.columns(step.wanted).items():
                setattr(row, name, value)
            numbers.append((row.id, step.wanted.numbers))
            notes.append(("change", row.id, step.before, step.wanted))
        await unit.session.flush()
        if numbers:
            await contacts.put_numbers(unit, self.account, numbers)
            await self._note(unit, notes)

    async def _note(self, unit: Unit, notes: Sequence[tuple[str, int, ContactOut | None, ContactIn]]) -> None:
        """Each contact has its own line in the audit, so that each can be taken back; of own contacts, see `note`.
        A line for all of them tells those who watch."""
        if self.owner is not None:
            await unit.audit(self.account, "import", OWN_OBJECT, self.owner, after={"contacts": len(notes)})
            return
        revision, now = await unit.lock(self.account), unit.clock.now()
        unit.touched.setdefault(self.account, set()).add(OBJECT)
        rows = [
            {
                "account_id": self.account,
                "revision": revision,
                "at": now,
                "actor": unit.actor,
                "action": action,
                "object_type": OBJECT,
                "object_key": str(id),
                "before": None if before is None else before.as_audit(),
                "after": after.as_audit(),
            }
            for action, id, before, after in notes
        ]
        await unit.session.execute(insert(AuditRow), rows)
        counts = Counter(action for action, *_ in notes)
        await unit.audit(self.account, "import", OBJECTS, "company", after=dict(counts))


class Imports:
    """The imports that run: one at a time in an account, so that nobody keeps the database from everybody else."""

    def __init__(self) -> None:
        self._running: dict[AccountId, Progress] = {}

    def progress(self, account: AccountId) -> Progress | None:
        """None when none runs."""
        return self._running.get(account)

    @asynccontextmanager
    async def of(self, database: Database, account: AccountId, owner: Owner, content: bytes) -> AsyncIterator[Import]:
        """An import of a file, which has been read when this begins. Raises `Invalid` when it cannot be, `Conflict`
        while another one runs."""
        if account in self._running:
            raise Conflict("another import runs in this account; wait until it is done")
        progress = self._running[account] = Progress()
        try:
            yield Import(database, account, owner, await read(content), progress)
        finally:
            del self._running[account]


async def read(content: bytes) -> list[Line]:
    """The contacts in a file, CSV or vCard. Raises `Invalid`."""
    text = text_of(content)
    lines = contacts_vcard.read(text) if contacts_vcard.is_one(text) else contacts_csv.read(text)
    found: list[Line] = []
    for line in lines:
        if line is None:
            await asyncio.sleep(0)
        else:
            found.append(line)
    return found


_NAMES = ("first_name", "prefix", "surname", "company")


def _key(values: Any) -> str:
    by_name, _ = contacts_text.sort_keys(*(" ".join(str(values.get(it, "")).split()) for it in _NAMES))
    return by_name


def _in_any_order(contact: ContactIn) -> set[tuple[str, str]]:
    return {(it.number, it.label) for it in contact.numbers}


def _rejected(line: Line, name: str = "") -> Outcome:
    return Outcome(line.line, Verdict.REJECTED, name, (Problem("", "rejected", line.problem),))
