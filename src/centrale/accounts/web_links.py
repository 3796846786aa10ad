"""Links to choose a password with: of an invitation, or for who forgot theirs. Good once, and for a while."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete as sql_delete

from centrale.accounts import web_users
from centrale.accounts.errors import Invalid
from centrale.accounts.models import WebLinkRow
from centrale.accounts.sessions import digest
from centrale.accounts.unit import Unit

INVITED_FOR = timedelta(days=7)
FORGOTTEN_FOR = timedelta(hours=1)


async def make_for_invited(unit: Unit, id: int) -> str:
    """The secret part of a new link for a web user; those made before lead nowhere from now on."""
    await web_users.load(unit, id)
    await unit.session.execute(sql_delete(WebLinkRow).where(WebLinkRow.web_user_id == id))
    return await _make(unit, id, INVITED_FOR)


async def make_for_forgotten(unit: Unit, id: int) -> str:
    """The same for who forgot the password. An invitation stays good: anybody may say that somebody forgot theirs."""
    await web_users.load(unit, id)
    earlier = (WebLinkRow.web_user_id == id, WebLinkRow.expires <= unit.clock.now() + FORGOTTEN_FOR)
    await unit.session.execute(sql_delete(WebLinkRow).where(*earlier))
    return await _make(unit, id, FORGOTTEN_FOR)


async def _make(unit: Unit, id: int, good_for: timedelta) -> str:
    text = secrets.token_urlsafe(32)
    unit.session.add(WebLinkRow(digest=digest(text), web_user_id=id, expires=unit.clock.now() + good_for))
    await unit.session.flush()
    return text


async def choose_password(unit: Unit, text: str, password: str) -> str:
    """Sets the password of the link's owner, and gives the e-mail address. Raises `Invalid` for a link that is not
    good any more and for a weak password; the link then stays good."""
    row = await unit.session.get(WebLinkRow, digest(text))
    if row is None or row.expires <= unit.clock.now():
        raise Invalid.field("link", "is not good any more: ask for a new one", "link")
    person = await web_users.load(unit, row.web_user_id)
    await web_users.set_password(unit, person.id, password)
    return person.email
