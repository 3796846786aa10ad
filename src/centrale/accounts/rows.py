"""Small steps that every aggregate takes with its rows."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from centrale.accounts.errors import Conflict
from centrale.accounts.models import Base
from centrale.accounts.unit import Unit


async def insert(unit: Unit, row: Base, *, taken: str, field: str) -> None:
    """Adds `row`; raises `Conflict` with the words `taken` when its key exists already."""
    unit.session.add(row)
    try:
        await unit.session.flush()
    except IntegrityError as error:
        raise Conflict(taken, field=field) from error


async def remove(unit: Unit, row: Base) -> None:
    """Deletes `row` now, so that what follows in the unit sees it gone."""
    await unit.session.delete(row)
    await unit.session.flush()
