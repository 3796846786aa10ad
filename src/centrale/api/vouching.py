"""Sessions by OpenID Connect: the provider is asked again, hour by hour, whether somebody still may sign in (SSO-1).

So who leaves an organisation, and is blocked there, is soon out here too. Requests do not wait for it: the answer ends
the session or lets it go on. A provider that is away ends nothing.
"""

from __future__ import annotations

import asyncio

import structlog

from centrale.accounts import sessions
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.sessions import Session
from centrale.accounts.vault import VaultError
from centrale.api.openid import NoLonger, OpenId, OpenIdError
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

AGAIN_AFTER = 60.0
"""Seconds until a provider that could not be asked is asked again about a session."""


class Vouching:
    """Asks one provider. Use from one event loop."""

    def __init__(self, database: Database, provider: OpenId) -> None:
        self._database = database
        self._provider = provider
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, float] = {}

    def ask(self, session: Session) -> None:
        """Has the provider asked about `session`, once at a time; does not wait for the answer."""
        now = asyncio.get_running_loop().time()
        if session.digest in self._asking or self._not_before.get(session.digest, 0.0) > now:
            return
        task = asyncio.create_task(self._ask(session))
        self._asking[session.digest] = task
        task.add_done_callback(lambda _: self._asking.pop(session.digest))

    async def settled(self) -> None:
        """When all that was asked is answered."""
        await asyncio.gather(*self._asking.values())

    async def _ask(self, session: Session) -> None:
        assert session.refresh is not None
        try:
            refresh = await self._provider.renew(self._database.vault.unseal(session.refresh))
            async with self._database.change("OpenID provider") as unit:
                await sessions.note_vouched(unit, session, refresh)
            self._not_before.pop(session.digest, None)
        except NoLonger as refusal:
            log.info("api.no_longer_vouched", email=session.who.email, problem=str(refusal))
            await self._end(session)
        except (OpenIdError, StorageUnavailable, VaultError) as problem:
            log.warning("api.not_vouched_now", problem=str(problem))
            now = asyncio.get_running_loop().time()
            self._not_before = {digest: at for digest, at in self._not_before.items() if at > now}
            self._not_before[session.digest] = now + AGAIN_AFTER

    async def _end(self, session: Session) -> None:
        try:
            async with self._database.change("OpenID provider") as unit:
                await sessions.end(unit, session.who.id, session.id)
                account = None if session.who.account is None else AccountId(session.who.account)
                await unit.audit(account, "end session", "web user", session.who.email)
        except NotFound:
            return  # ended already
        except StorageUnavailable as problem:
            log.warning("api.session_not_ended", problem=str(problem))
