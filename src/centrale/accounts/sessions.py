"""Sessions of the portal: a browser that is signed in, by a cookie that is kept as a digest only.

A cookie is 256 bits of chance, so its plain SHA-256 is safe to keep and quick to look up, as with tokens.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import bindparam, select
from sqlalchemy import delete as sql_delete

from centrale.accounts import web_users
from centrale.accounts.errors import NotFound
from centrale.accounts.models import WebSessionRow, WebUserRow
from centrale.accounts.unit import Unit
from centrale.accounts.web_users import WebUserOut

UNUSED_FOR = timedelta(hours=12)
"""Who does nothing for so long signs in anew."""
AT_MOST = timedelta(days=14)
"""And everybody after so long."""
NOTED_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept."""
VOUCHED_FOR = timedelta(hours=1)
"""After so long an OpenID provider is asked again whether somebody still may sign in (SSO-1)."""


_SESSIONS, _USERS = WebSessionRow.__table__, WebUserRow.__table__
_WITH_DIGEST = (
    select(
        _SESSIONS.c.last_used.label("session_used"),
        _SESSIONS.c.created.label("session_begun"),
        _SESSIONS.c.refresh.label("session_refresh"),
        _SESSIONS.c.vouched.label("session_vouched"),
        *_USERS.columns,
    )
    .join(_USERS, _USERS.c.id == _SESSIONS.c.web_user_id)
    .where(_SESSIONS.c.digest == bindparam("digest"))
)
"""Asked with every request: put together once, and of the tables, so that the mapper has no part in it."""


class SessionOut(BaseModel):
    """A browser that is signed in."""

    id: str = Field(title="Id")
    created: datetime = Field(title="Signed in")
    last_used: datetime = Field(title="Last used", description="To five minutes.")
    address: str = Field(title="Address")
    program: str = Field(title="Browser")


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is good, and whose it is."""

    digest: str
    last_used: datetime
    who: WebUserOut
    refresh: str | None = None
    """What the OpenID provider is asked with, sealed; None when nobody vouches, or it gave nothing to ask with."""
    vouched: datetime | None = None
    """When it last said that the person may sign in."""

    @property
    def id(self) -> str:
        """What it is called in lists: the cookie cannot be told from it."""
        return self.digest[:16]


async def begin(unit: Unit, id: int, *, address: str, program: str, refresh: str | None = None) -> str:
    """A new session of a web user; gives the cookie's text. `refresh`: what the OpenID provider is asked with, if it
    let them in and gave anything."""
    now = unit.clock.now()
    await unit.session.execute(sql_delete(WebSessionRow).where(WebSessionRow.last_used < now - UNUSED_FOR))
    text = secrets.token_urlsafe(32)
    row = WebSessionRow(
        digest=digest(text),
        web_user_id=id,
        created=now,
        last_used=now,
        address=address[:64],
        program=program[:255],
        refresh=None if refresh is None else unit.vault.seal(refresh),
        vouched=None if refresh is None else now,
    )
    unit.session.add(row)
    await unit.session.flush()
    return text


async def find(unit: Unit, text: str, now: datetime) -> Session | None:
    """The session with this cookie, if it is still good and its web user may sign in."""
    return await again(unit, digest(text), now)


async def again(unit: Unit, digest: str, now: datetime) -> Session | None:
    """The same, of a session that is known already."""
    row: Any = (await unit.session.execute(_WITH_DIGEST, {"digest": digest})).one_or_none()
    if row is None:
        return None
    if row.disabled or now - row.session_used >= UNUSED_FOR or now - row.session_begun >= AT_MOST:
        return None
    return Session(digest, row.session_used, web_users.out(row), row.session_refresh, row.session_vouched)


def use_is_news(session: Session, now: datetime) -> bool:
    """Is it long enough ago that the last use was kept?"""
    return now - session.last_used >= NOTED_EVERY


async def note_use(unit: Unit, session: Session) -> None:
    """Keeps that it is used now; nothing to do when it was ended meanwhile."""
    row = await unit.session.get(WebSessionRow, session.digest)
    if row is not None:
        row.last_used = unit.clock.now()


def to_be_vouched(session: Session, now: datetime) -> bool:
    """Is it time to ask the OpenID provider again?"""
    return session.refresh is not None and session.vouched is not None and now - session.vouched >= VOUCHED_FOR


async def note_vouched(unit: Unit, session: Session, refresh: str) -> None:
    """The provider still lets them in; asked with `refresh` the next time."""
    row = await unit.session.get(WebSessionRow, session.digest)
    if row is not None:
        row.refresh, row.vouched = unit.vault.seal(refresh), unit.clock.now()


async def list_of(unit: Unit, id: int) -> list[SessionOut]:
    """The sessions of a web user, the latest used first."""
    query = select(WebSessionRow).where(WebSessionRow.web_user_id == id).order_by(WebSessionRow.last_used.desc())
    return [
        SessionOut(
            id=row.digest[:16], created=row.created, last_used=row.last_used, address=row.address, program=row.program
        )
        for row in await unit.session.scalars(query)
    ]


async def end(unit: Unit, id: int, session: str) -> None:
    """Signs a browser of web user `id` out. Raises `NotFound`."""
    rows = await unit.session.scalars(select(WebSessionRow).where(WebSessionRow.web_user_id == id))
    for row in rows:
        if row.digest[:16] == session:
            await unit.session.delete(row)
            unit.turned_away.append(f"web user {id}")
            return
    raise NotFound("session", session)


def digest(text: str) -> str:
    """What is kept of a cookie's text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def token_of(text: str) -> str:
    """What a page sends in a header with each change, to show that it is ours (CSRF): another site can have a browser
    send the cookie, but cannot read this."""
    return sha256(b"csrf " + text.encode("utf-8", "surrogatepass")).hexdigest()
