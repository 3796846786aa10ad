"""Tokens of the API (API-1): shown once, kept as a digest, scoped, of one account or of the platform.

A token is 256 bits of chance, so its plain SHA-256 is safe to keep and quick to look up: there is nothing to guess.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import Row, Select, bindparam, select

from centrale.accounts.accounts import load as load_account
from centrale.accounts.errors import NotFound
from centrale.accounts.fields import Input, Name
from centrale.accounts.models import AccountRow, ApiTokenRow
from centrale.accounts.roles import EVERYONE, Right, Sight
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

PREFIX = "centrale_"
"""Makes a token that leaked into a file easy to find, for people and for scanners."""

NOTED_EVERY = timedelta(hours=1)
"""How exactly the last use is kept: a write with every request would be a waste."""


_TOKENS = ApiTokenRow.__table__
_WITH_DIGEST = select(_TOKENS).where(_TOKENS.c.digest == bindparam("digest"))
"""Asked with every request: put together once, and of the table, so that the mapper has no part in it."""


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"


class TokenIn(Input):
    """What is set for a token."""

    name: Name = Field(title="Name", description="What it is for; stands in the audit.")
    account: int | None = Field(
        default=None, ge=1, le=2**31 - 1, title="Account", description="Empty: the whole platform."
    )
    scopes: frozenset[Scope] = Field(
        default=frozenset(Scope), min_length=1, title="Scopes", description="Read: look. Write: change."
    )
    rights: frozenset[Right] | None = Field(
        default=None, title="Further rights", description="Empty: those of whoever makes it."
    )


class TokenOut(TokenIn):
    """A token as stored, without its text."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"created", "last_used"})

    rights: frozenset[Right] = Field(title="Further rights")
    id: int = Field(title="Id")
    created: datetime = Field(title="Created")
    last_used: datetime | None = Field(title="Last used", description="To the hour.")


async def create(unit: Unit, data: TokenIn, text: str | None = None) -> tuple[TokenOut, str]:
    """A new token and its text, which cannot be had again. `text`: a known one, for the demo on loopback. Without
    `rights` it has them all: whoever hands it out to others says which.

    Raises `NotFound` for an account that does not exist, `Conflict` when `text` is a token already.
    """
    account = None if data.account is None else AccountId(data.account)
    if account is None:
        await unit.lock_platform()
    else:
        await load_account(unit, account)
    text = text or PREFIX + secrets.token_urlsafe(32)
    row = ApiTokenRow(
        digest=digest(text),
        name=data.name,
        account_id=account,
        scopes=sorted(data.scopes),
        rights=sorted(frozenset(Right) if data.rights is None else data.rights),
        created=unit.clock.now(),
        last_used=None,
    )
    await insert(unit, row, taken="this token exists already", field="token")
    created = _out(row)
    await unit.audit(account, "create", "token", row.id, after=created.as_audit())
    return created, text


async def find(unit: Unit, text: str) -> TokenOut | None:
    """The token with this text."""
    row = (await unit.session.execute(_WITH_DIGEST, {"digest": digest(text)})).one_or_none()
    return None if row is None else _out(row)


async def get(unit: Unit, id: int, sight: Sight = EVERYONE) -> TokenOut:
    """Raises `NotFound`, also for one out of sight."""
    return _out(await _load(unit, id, sight))


async def list_all(
    unit: Unit, sight: Sight = EVERYONE, *, after: int | None = None, limit: int | None = None
) -> list[TokenOut]:
    """The tokens in sight, by id, from the one behind `after`."""
    query = select(ApiTokenRow).where(ApiTokenRow.id > (after or 0)).order_by(ApiTokenRow.id).limit(limit)
    return [_out(row) for row in await unit.session.scalars(_in(sight, query))]


async def revoke(unit: Unit, id: int, sight: Sight = EVERYONE) -> None:
    """From now on the token opens nothing. Raises `NotFound`."""
    row = await _load(unit, id, sight)
    before = _out(row)
    await remove(unit, row)
    account = None if before.account is None else AccountId(before.account)
    await unit.audit(account, "delete", "token", id, before=before.as_audit())
    unit.turned_away.append(f"token {id}")


async def note_use(unit: Unit, id: int) -> None:
    """Keeps when the token was used last; nothing to do when it was revoked meanwhile."""
    row = await unit.session.get(ApiTokenRow, id)
    if row is not None:
        row.last_used = unit.clock.now()


def use_is_news(token: TokenOut, now: datetime) -> bool:
    """Is it long enough ago that the last use was kept?"""
    return token.last_used is None or now - token.last_used >= NOTED_EVERY


def digest(text: str) -> str:
    """What is kept of a token's text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


async def _load(unit: Unit, id: int, sight: Sight) -> ApiTokenRow:
    query = _in(sight, select(ApiTokenRow).where(ApiTokenRow.id == id))
    row: ApiTokenRow | None = await unit.session.scalar(query)
    if row is None:
        raise NotFound("token", id)
    return row


def _in(sight: Sight, query: Select[Any]) -> Select[Any]:
    if sight.account is not None:
        return query.where(ApiTokenRow.account_id == sight.account)
    if sight.partner is not None:
        own = select(AccountRow.id).where(AccountRow.partner == sight.partner)
        return query.where(ApiTokenRow.account_id.in_(own))
    return query


def _out(row: ApiTokenRow | Row[Any]) -> TokenOut:
    return TokenOut(
        id=row.id,
        name=row.name,
        account=row.account_id,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        # The platform's have them all, whatever was asked for: who may make administrators may all the same.
        rights=frozenset(Right) if row.account_id is None else frozenset(Right(right) for right in row.rights),
        created=row.created,
        last_used=row.last_used,
    )
