"""Sessions of the portal: a browser that is signed in, by a cookie that is kept as a digest only.

A cookie is 256 bits of chance, so its plain SHA-256 is safe to keep and quick to look up, as with tokens.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel, Field
from sqlalchemy import delete as sql_delete
from sqlalchemy import select

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

    @property
    def id(self) -> str:
        """What it is called in lists: the cookie cannot be told from it."""
        return self.digest[:16]


async def begin(unit: Unit, id: int, *, address: str, program: str) -> str:
    """A new session of a web user; gives the cookie's text."""
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
    )
    unit.session.add(row)
    await unit.session.flush()
    return text


async def find(unit: Unit, text: str, now: datetime) -> Session | None:
    """The session with this cookie, if it is still good and its web user may sign in."""
    return await again(unit, digest(text), now)


async def again(unit: Unit, digest: str, now: datetime) -> Session | None:
    """The same, of a session that is known already."""
    query = (
        select(WebSessionRow, WebUserRow)
        .join(WebUserRow, WebUserRow.id == WebSessionRow.web_user_id)
        .where(WebSessionRow.digest == digest)
    )
    found = (await unit.session.execute(query)).one_or_none()
    if found is None:
        return None
    row, user = found
    if user.disabled or now - row.last_used >= UNUSED_FOR or now - row.created >= AT_MOST:
        return None
    return Session(row.digest, row.last_used, web_users.out(user))


def use_is_news(session: Session, now: datetime) -> bool:
    """Is it long enough ago that the last use was kept?"""
    return now - session.last_used >= NOTED_EVERY


async def note_use(unit: Unit, session: Session) -> None:
    """Keeps that it is used now; nothing to do when it was ended meanwhile."""
    row = await unit.session.get(WebSessionRow, session.digest)
    if row is not None:
        row.last_used = unit.clock.now()


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
            return
    raise NotFound("session", session)


def digest(text: str) -> str:
    """What is kept of a cookie's text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def token_of(text: str) -> str:
    """What a page sends in a header with each change, to show that it is ours (CSRF): another site can have a browser
    send the cookie, but cannot read this."""
    return sha256(b"csrf " + text.encode("utf-8", "surrogatepass")).hexdigest()
