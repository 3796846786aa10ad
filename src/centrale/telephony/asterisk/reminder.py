"""Has an Asterisk that was restarted tell the phones of their lamps (VM-4).

It knows their addresses from before, but begins to follow a phone's mailbox only when the phone registers, which may
take ten minutes; meanwhile a lamp that went out would stay lit. Changing a registration counts as well, also when
nothing in it differs: so each is written again as it is, once in the life of an Asterisk. Asterisk itself remembers, in
a variable, that this has been done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import quote

import structlog

from centrale.clock import Clock
from centrale.telephony.asterisk.ari_errors import AriError, NotFound
from centrale.telephony.asterisk.client import AriClient
from centrale.telephony.asterisk.contacts import Contact, Contacts

log = structlog.get_logger(__name__)

AT_ONCE, EVERY = 50, 0.5
"""So many phones in so many seconds: each is told of its lamp, and answers. Calls come first after a restart."""
REMINDED = "CENTRALE_LAMPS_FOLLOWED"

_PATH = "asterisk/config/dynamic/res_pjsip/contact"


class Reminder:
    """One per switch. `keep()` in a task; `asterisk_is_up()` after each connect."""

    def __init__(self, client: AriClient, contacts: Contacts, clock: Clock) -> None:
        self._client = client
        self._contacts = contacts
        self._clock = clock
        self._work = asyncio.Event()

    def asterisk_is_up(self) -> None:
        """Perhaps it is another one than before."""
        self._work.set()

    async def keep(self) -> None:
        """Until cancelled. A connection that breaks is followed by another one."""
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self._remind()
            except (AriError, OSError) as problem:
                log.warning("phones hear of their lamps when they register next", problem=str(problem))

    async def _remind(self) -> None:
        asked = await self._client.request("GET", "asterisk/variable", {"variable": REMINDED})
        if asked["value"]:
            return
        registered = await asyncio.to_thread(self._contacts.valid, self._clock.now())
        for some in _portions(registered):
            await asyncio.gather(*(self._touch(id, contact) for id, contact in some.items()))
            await asyncio.sleep(EVERY)
        await self._client.request("POST", "asterisk/variable", {"variable": REMINDED, "value": "yes"})

    async def _touch(self, id: str, contact: Contact) -> None:
        path = f"{_PATH}/{quote(id, safe='')}"
        try:
            # Looked at first: writing one that has gone would make it anew.
            await self._client.request("GET", path)
        except NotFound:
            return
        fields = [{"attribute": "user_agent", "value": contact.user_agent}]
        await self._client.request("PUT", path, body={"fields": fields})


def _portions(registered: Mapping[str, Contact]) -> Iterator[dict[str, Contact]]:
    left = iter(registered.items())
    while some := dict(islice(left, AT_ONCE)):
        yield some
