"""Versions of a plan schema: every change keeps the schema whole, with who and when (NP-10).

Whatever one transaction does to a schema is one version. The first change of a schema also keeps how it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import bindparam, delete, select

from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.models import SchemaVersionRow
from centrale.accounts.plans_fields import SchemaOut, VersionOut
from centrale.accounts.plans_reading import get_schema, load_schema
from centrale.accounts.plans_words import flat
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

KEEP = 200
"""So many versions of a schema are kept; the audit goes back further."""

_SCHEMAS_OWN = (
    SchemaVersionRow.account_id == bindparam("account"),
    SchemaVersionRow.schema_number == bindparam("schema"),
)
_ANY = select(SchemaVersionRow.version).where(*_SCHEMAS_OWN).limit(1)
_LAST = (
    select(SchemaVersionRow.version, SchemaVersionRow.contents)
    .where(*_SCHEMAS_OWN)
    .order_by(SchemaVersionRow.version.desc())
    .limit(1)
)


class Difference(BaseModel):
    """One field in which two versions differ, in words."""

    name: str = Field(title="Field")
    before: str | None = Field(title="Before")
    after: str | None = Field(title="After")


async def versions(unit: Unit, account: AccountId, schema: int, *, limit: int = KEEP) -> list[VersionOut]:
    """Newest first. Raises `NotFound` for a schema that is not there; one never changed has no versions."""
    await load_schema(unit, account, schema)
    row = SchemaVersionRow
    query = select(row.version, row.at, row.actor, row.restored).where(*_of(account, schema))
    rows = await unit.session.execute(query.order_by(row.version.desc()).limit(limit))
    return [VersionOut(version=version, at=at, actor=actor, restored=restored) for version, at, actor, restored in rows]


async def get_version(unit: Unit, account: AccountId, schema: int, version: int) -> SchemaOut:
    """The schema as it was. Raises `NotFound`, and `Conflict` for one that another version of Centrale wrote."""
    row = await unit.session.get(SchemaVersionRow, (account, schema, version))
    if row is None:
        raise NotFound("version", f"{schema}/{version}")
    try:
        return SchemaOut.model_validate(row.contents)
    except ValidationError as error:
        raise Conflict(f"version {version} was written by another version of Centrale and cannot be read") from error


async def diff(unit: Unit, account: AccountId, schema: int, a: int, b: int | None = None) -> list[Difference]:
    """What changed from version `a` to version `b` (None: the schema as it is now). Raises as `get_version`."""
    before = await get_version(unit, account, schema, a)
    after = await (get_schema(unit, account, schema) if b is None else get_version(unit, account, schema, b))
    return differences(before, after)


def differences(before: SchemaOut, after: SchemaOut) -> list[Difference]:
    """Field by field, in words."""
    old, new = flat(before), flat(after)
    return [
        Difference(name=name, before=old.get(name), after=new.get(name))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


async def keep(unit: Unit, account: AccountId, schema: int, *, restored: int | None = None, new: bool = False) -> None:
    """Has the unit end with a version of the schema, if it changes anything. Call it before the change, or when the
    schema is `new`."""
    if not new and await unit.session.scalar(_ANY, {"account": account, "schema": schema}) is None:
        before = await get_schema(unit, account, schema)
        await _add(unit, account, before, 1, actor="", restored=None)
    # Checks run in the order in which they were asked for: a roll back's comes before those of its steps, and leaves
    # them nothing to keep.
    unit.at_the_end(account, _Keep(schema, restored))


@dataclass(frozen=True, slots=True)
class _Keep:
    schema: int
    restored: int | None = None

    async def __call__(self, unit: Unit, account: AccountId) -> None:
        try:
            after = await get_schema(unit, account, self.schema)
        except NotFound:  # it was deleted in this unit
            return
        found = await unit.session.execute(_LAST, {"account": account, "schema": self.schema})
        last = found.one_or_none()
        if last is None or last.contents != _contents(after):
            version = 1 if last is None else last.version + 1
            await _add(unit, account, after, version, actor=unit.actor, restored=self.restored)


async def _add(
    unit: Unit, account: AccountId, schema: SchemaOut, version: int, *, actor: str, restored: int | None
) -> None:
    unit.session.add(
        SchemaVersionRow(
            account_id=account,
            schema_number=schema.number,
            version=version,
            at=unit.clock.now(),
            actor=actor,
            restored=restored,
            contents=_contents(schema),
        )
    )
    await unit.session.flush()
    if version > KEEP:
        too_old = SchemaVersionRow.version <= version - KEEP
        await unit.session.execute(delete(SchemaVersionRow).where(*_of(account, schema.number), too_old))


def _contents(schema: SchemaOut) -> dict[str, Any]:
    return schema.model_dump(mode="json")


def _of(account: AccountId, schema: int) -> tuple[Any, ...]:
    return SchemaVersionRow.account_id == account, SchemaVersionRow.schema_number == schema
