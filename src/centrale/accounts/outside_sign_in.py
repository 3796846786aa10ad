"""Signing in as somebody whom an OpenID provider knows (SSO-1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from centrale.accounts import sessions, web_users
from centrale.accounts.models import WebUserRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who the provider says somebody is. `email`: only one that may be believed; else None."""

    issuer: str
    subject: str
    email: str | None

    @property
    def key(self) -> str:
        """Names the person for ever, whatever becomes of their e-mail address."""
        return f"{self.issuer} {self.subject}"


async def let_in(
    unit: Unit, outsider: Outsider, *, address: str, program: str, refresh: str | None = None
) -> str | None:
    """The text of a new session's cookie; None when nobody of ours is meant, or who is may not sign in.

    The first time a web user is found by an e-mail address that the provider vouches for, and bound to the provider's
    name for the person; from then on by that name alone. So an address that goes to somebody else later opens nothing.
    """
    row = await unit.session.scalar(select(WebUserRow).where(WebUserRow.outside_subject == outsider.key))
    if row is None and outsider.email is not None:
        row = await web_users.find(unit, outsider.email)
        if row is not None and row.outside_subject is not None:
            return None
    if row is None or row.disabled:
        return None
    if row.outside_subject is None:
        row.outside_subject = outsider.key
        account = None if row.account_id is None else AccountId(row.account_id)
        await unit.audit(account, "bind to OpenID", "web user", row.email)
    row.last_seen = unit.clock.now()
    return await sessions.begin(unit, row.id, address=address, program=program, refresh=refresh)
