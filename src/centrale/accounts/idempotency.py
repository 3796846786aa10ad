"""Answers that are kept for a day, for who asks the same once more because the answer was lost (API-1).

An answer is kept in the transaction that makes the thing: either both are there, or neither, whatever dies when. Some
answers hold a password or a token that is shown once, so each is sealed with the key of the exchange, which lies beside
the database and not in it.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from centrale.accounts.database import Database
from centrale.accounts.errors import Conflict, StorageUnavailable
from centrale.accounts.models import KeptAnswerRow
from centrale.accounts.unit import Unit
from centrale.accounts.vault import VaultError

log = structlog.get_logger(__name__)

KEPT = timedelta(hours=24)
TIDY_EVERY = 3600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may come twice. `asker`: the token or the person; `request`: a digest of all that it says."""

    asker: str
    key: str
    request: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer to it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class OtherRequest(Exception):
    """The key belongs to another request of the same asker."""


async def find(unit: Unit, asked: Asked) -> Kept | None:
    """The answer that was given before. Raises `OtherRequest`."""
    row = await unit.session.get(KeptAnswerRow, (asked.asker, asked.key))
    if row is None or row.created <= unit.clock.now() - KEPT:
        return None
    if row.request != asked.request:
        raise OtherRequest
    try:
        fields = orjson.loads(unit.vault.unseal(row.answer))
    except VaultError as error:
        raise Conflict("this was done before, and its answer cannot be read any more") from error
    headers = tuple((str(name), str(value)) for name, value in fields["headers"])
    return Kept(fields["status"], headers, b64decode(fields["body"]))


async def keep(unit: Unit, asked: Asked, answer: Kept) -> None:
    """Keeps the answer in the unit that does what was asked. Raises `Conflict` when the same was done meanwhile; then
    this unit must come to nothing."""
    fields = {"status": answer.status, "headers": answer.headers, "body": b64encode(answer.body).decode()}
    sealed = unit.vault.seal(orjson.dumps(fields).decode())
    now = unit.clock.now()
    over = (KeptAnswerRow.asker == asked.asker, KeptAnswerRow.key == asked.key, KeptAnswerRow.created <= now - KEPT)
    await unit.session.execute(delete(KeptAnswerRow).where(*over))
    unit.session.add(KeptAnswerRow(asker=asked.asker, key=asked.key, request=asked.request, created=now, answer=sealed))
    try:
        await unit.session.flush()
    except IntegrityError as error:
        raise Conflict("the same request is being carried out; ask again in a moment") from error


async def forget(unit: Unit, before: datetime) -> None:
    """Removes what was kept before then."""
    await unit.session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.created <= before))


async def tidy(database: Database) -> None:
    """Removes what is over, now and then, until cancelled."""
    while True:
        try:
            async with database.read() as unit:
                over = KeptAnswerRow.created <= unit.clock.now() - KEPT
                some = await unit.session.scalar(select(KeptAnswerRow.key).where(over).limit(1))
            if some is not None:
                async with database.change("") as unit:
                    await forget(unit, unit.clock.now() - KEPT)
        except StorageUnavailable as problem:
            log.warning("answers.not_tidied", problem=str(problem))
        await asyncio.sleep(TIDY_EVERY)
