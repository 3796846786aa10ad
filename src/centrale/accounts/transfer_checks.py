"""What can be wrong with an account file that each field alone does not show; all of it is found at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from centrale.accounts.account_file import AccountFile, BadFile, FileProblem, FileSchema, parsed, problems_at, written
from centrale.accounts.errors import Invalid
from centrale.accounts.extensions import valid_settings
from centrale.accounts.models import ChannelRow, ExtensionRow, NumberRow, TrunkRow
from centrale.accounts.numbers import OrderStatus
from centrale.accounts.placed_yaml import Path, Placed
from centrale.accounts.plans import MAIN
from centrale.accounts.plans_fields import Put
from centrale.accounts.plans_items import numbered
from centrale.accounts.plans_reading import is_over
from centrale.accounts.references import fits, in_words, references
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, Facility, NumberUse

AT_ONCE = 10_000
"""Values in one query; databases have a limit."""

UNKNOWN = "correct it, or add what it refers to"


def complete(file: AccountFile, placed: Placed) -> AccountFile:
    """The file with the settings of its extensions complete. Raises `BadFile` for all that does not fit together."""
    problems: list[FileProblem] = []
    extensions = []
    for place, extension in enumerate(file.extensions):
        try:
            settings = valid_settings(extension.kind, extension.settings)
        except Invalid as error:
            problems += problems_at(("extensions", place), error, placed)
            continue
        extensions.append(extension.model_copy(update={"settings": settings}))
    if not problems:
        file = file.model_copy(update={"extensions": extensions})
        problems += _Checks(file, placed).all()
    if problems:
        raise BadFile(*problems)
    return file.model_copy(update={"schemas": [_scheduled(schema) for schema in file.schemas]})


def _scheduled(schema: FileSchema) -> FileSchema:
    """With ids for those entries and holidays that have none yet."""
    return schema.model_copy(update={"schedule": numbered(schema.schedule), "holidays": numbered(schema.holidays)})


def without_what_is_over(file: AccountFile, now: datetime) -> AccountFile:
    """Without temporary changes that have ended since the file was written: they go by themselves (NP-8)."""
    zone = ZoneInfo(file.account.timezone)

    def lasting(schema: FileSchema) -> FileSchema:
        staying = [it for it in schema.holidays if not (it.temporary and is_over(it, zone, now))]
        return schema.model_copy(update={"holidays": staying})

    return file.model_copy(update={"schemas": [lasting(schema) for schema in file.schemas]})


async def check_platform(unit: Unit, account: AccountId | None, file: AccountFile, placed: Placed) -> None:
    """What else the platform has. Raises `BadFile` for names and numbers of other accounts, and for unknown trunks."""
    others = _Others(unit, account, placed)
    problems = [
        *await others.have(NumberRow.e164, NumberRow.account_id, "numbers", "e164", [n.e164 for n in file.numbers]),
        *await others.have(ChannelRow.name, ChannelRow.account_id, "channels", "name", [c.name for c in file.channels]),
    ]
    known = set(await unit.session.scalars(select(TrunkRow.name)))
    for place, name in enumerate(file.trunks):
        if name not in known:
            remedy = "make the trunk first, or take it out of the list"
            problems.append(_problem(placed, ("trunks", place), f"there is no trunk {name} on this platform", remedy))
    if account is not None:
        kinds = await unit.session.execute(
            select(ExtensionRow.number, ExtensionRow.kind).where(ExtensionRow.account_id == account)
        )
        before = {str(number): kind for number, kind in kinds.tuples()}
        for place, extension in enumerate(file.extensions):
            if (kind := before.get(extension.number, extension.kind)) != extension.kind:
                message = f"extension {extension.number} is a {kind}, and a kind cannot be changed"
                remedy = f"give the {extension.kind} another number, or import once without {extension.number}"
                problems.append(_problem(placed, ("extensions", place, "kind"), message, remedy))
    if problems:
        raise BadFile(*problems)


class _Others:
    """Other accounts' things; whose they are is not told."""

    def __init__(self, unit: Unit, account: AccountId | None, placed: Placed) -> None:
        self._unit = unit
        self._account = account
        self._placed = placed

    async def have(self, key: Any, owner: Any, section: str, field: str, given: list[str]) -> list[FileProblem]:
        taken: set[str] = set()
        for start in range(0, len(given), AT_ONCE):
            query = select(key, owner).where(key.in_(given[start : start + AT_ONCE]))
            rows = await self._unit.session.execute(query)
            taken |= {str(found) for found, account in rows if account != self._account}
        return [
            _problem(
                self._placed,
                (section, place, field),
                f"{name} belongs to another account",
                "take it out of this file, or out of that account first",
            )
            for place, name in enumerate(given)
            if name in taken
        ]


class _Checks:
    """The file against itself."""

    def __init__(self, file: AccountFile, placed: Placed) -> None:
        self._file = file
        self._placed = placed
        self._kinds = {extension.number: extension.kind for extension in file.extensions}
        self._numbers = {number.e164: number for number in file.numbers}

    def all(self) -> Iterator[FileProblem]:
        yield from self._twice()
        yield from self._extensions()
        yield from self._phones()
        yield from self._plans()

    def _at(self, path: Path, message: str, remedy: str = UNKNOWN) -> FileProblem:
        return _problem(self._placed, path, message, remedy)

    def _twice(self) -> Iterator[FileProblem]:
        file = self._file
        lists: list[tuple[Path, str, list[str]]] = [
            (("extensions",), "number", [it.number for it in file.extensions]),
            (("channels",), "name", [it.name for it in file.channels]),
            (("numbers",), "e164", [it.e164 for it in file.numbers]),
            (("schemas",), "number", [str(it.number) for it in file.schemas]),
            (("sounds",), "file", [it.file for it in file.sounds or ()]),
            (("music",), "file", [it.file for it in file.music or ()]),
            (("expectations",), "name", [it.name for it in file.expectations]),
            (("webhooks",), "name", [it.name for it in file.webhooks or ()]),
        ]
        for n, schema in enumerate(file.schemas):
            for name, items in _times(schema):
                ids = [f"number {place}" if it.id is None else str(it.id) for place, it in enumerate(items)]
                lists.append((("schemas", n, name), "id", ids))
            lists.append((("schemas", n, "plans"), "number", [str(it.number) for it in schema.plans]))
            for m, plan in enumerate(schema.plans):
                entries = [it.e164 for it in plan.entries]
                lists.append((("schemas", n, "plans", m, "entries"), "e164", entries))
        for path, field, keys in lists:
            for place in _repeated(keys):
                yield self._at((*path, place, field), f"{keys[place]} stands here twice", "take one of them out")
        for place in _repeated(file.trunks):
            yield self._at(("trunks", place), f"{file.trunks[place]} stands here twice", "take one of them out")
        if not any(schema.number == MAIN for schema in file.schemas):
            yield self._at(("schemas",), f"the main schema, number {MAIN}, is missing", "put it back")

    def _extensions(self) -> Iterator[FileProblem]:
        for place, extension in enumerate(self._file.extensions):
            path = ("extensions", place)
            if extension.pin is not None and extension.pin_hash is not None:
                yield self._at((*path, "pin"), "stands beside a pin_hash", "take one of them out")
            for reference in references(extension.kind, extension.settings):
                inner = (*path, "settings", *parsed(reference.path))
                if reference.is_number:
                    yield from self._own_number(inner, reference.target)
                elif reference.is_sound:
                    yield from self._sound(inner, reference.target)
                elif reference.is_extension:
                    yield from self._extension(inner, reference.target, reference.kind)

    def _phones(self) -> Iterator[FileProblem]:
        for field in ("default_caller_id", "emergency_caller_id"):
            yield from self._own_number(("account", field), getattr(self._file.account, field))
        linked: Counter[str | None] = Counter()
        for place, channel in enumerate(self._file.channels):
            yield from self._extension(("channels", place, "linked_user"), channel.linked_user, "user")
            linked[channel.linked_user] += 1
            if channel.linked_user is not None and linked[channel.linked_user] > self._phones_of(channel.linked_user):
                message = f"user {channel.linked_user} is linked to another channel already"
                remedy = "unlink one of them, or switch twinning on for the account and the user"
                yield self._at(("channels", place, "linked_user"), message, remedy)
            yield from self._own_number(("channels", place, "emergency_caller_id"), channel.emergency_caller_id)
        for place, piece in enumerate(self._file.music or ()):
            yield from self._extension(("music", place, "queue"), piece.queue or None, "queue")
        for place, number in enumerate(self._file.numbers):
            yield from self._extension(("numbers", place, "user"), number.user, "user")

    def _phones_of(self, user: str) -> int:
        """To how many channels the user may be linked (LNK-1)."""
        twinned = (it.settings.get("rights", {}).get("twinning") for it in self._file.extensions if it.number == user)
        return 2 if Facility.TWINNING in self._file.account.facilities and any(twinned) else 1

    def _plans(self) -> Iterator[FileProblem]:
        schema_of: dict[str, int] = {}
        for n, schema in enumerate(self._file.schemas):
            numbers = {plan.number for plan in schema.plans}
            for field in ("standing", "override"):
                plan_number = getattr(schema, field)
                if plan_number is not None and plan_number not in numbers:
                    yield self._at(("schemas", n, field), f"there is no plan {plan_number} in this schema")
            for name, items in _times(schema):
                for k, item in enumerate(items):
                    if item.plan not in numbers:
                        place = ("schemas", n, name, k, "plan")
                        yield self._at(place, f"there is no plan {item.plan} in this schema")
            for m, plan in enumerate(schema.plans):
                for k, entry in enumerate(plan.entries):
                    path = ("schemas", n, "plans", m, "entries", k)
                    yield from self._extension((*path, "destination"), entry.destination)
                    yield from self._own_number((*path, "e164"), entry.e164)
                    number = self._numbers.get(entry.e164)
                    if number is not None and number.use is NumberUse.PERSONAL:
                        yield self._at((*path, "e164"), f"{entry.e164} is a personal number", "take it out of the plan")
                    if schema_of.setdefault(entry.e164, n) != n:
                        message = f"{entry.e164} stands in another schema too"
                        yield self._at((*path, "e164"), message, "leave it in one of them")

    def _extension(self, path: Path, number: str | None, kind: str | None = None) -> Iterator[FileProblem]:
        if number is not None and number not in self._kinds:
            yield self._at(path, f"there is no extension {number} in this file")
        elif number is not None and kind is not None and not fits(self._kinds[number], kind):
            wanted = in_words(kind)
            yield self._at(path, f"extension {number} is not a {wanted}", f"choose a {wanted}")

    def _sound(self, path: Path, file: str) -> Iterator[FileProblem]:
        known = self._file.sounds
        if known is not None and all(sound.file != file for sound in known):
            yield self._at(path, f"there is no sound {file} in this file")

    def _own_number(self, path: Path, e164: str | None) -> Iterator[FileProblem]:
        if e164 is not None and e164 not in self._numbers:
            yield self._at(path, f"{e164} is not among the numbers in this file")
        elif e164 is not None and self._numbers[e164].status is not OrderStatus.ACTIVE:
            yield self._at(path, f"{e164} is not active yet", "choose another one")


def _times(schema: FileSchema) -> Iterator[tuple[str, Sequence[Put]]]:
    """The two lists that say when a plan is active, by name."""
    yield "schedule", schema.schedule
    yield "holidays", schema.holidays


def _repeated(keys: Iterable[str]) -> list[int]:
    """The places of what has stood before."""
    seen: Counter[str] = Counter()
    places = []
    for place, key in enumerate(keys):
        if seen[key]:
            places.append(place)
        seen[key] += 1
    return places


def _problem(placed: Placed, path: Path, message: str, remedy: str) -> FileProblem:
    return FileProblem(placed.line(path), written(path), message, remedy)
