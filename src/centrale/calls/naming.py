"""The name of who calls, from the account's phone books, before the phones ring (ACC-7).

A phone book can hold 100,000 contacts, so it is not part of the account's picture: the one number that calls is looked
up instead, and what is found is given to a pure decision (`routing.phone_book`). No caller waits for it: a look-up
that takes too long is not waited for, and the phones show what they would have shown without.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import structlog

from centrale.routing import phone_book
from centrale.routing.phone_book import NO_NAMES, Names
from centrale.routing.snapshot import E164, AccountId
from centrale.routing.trace import Decision

if TYPE_CHECKING:
    from centrale.calls.call import Call

log = structlog.get_logger(__name__)

LOOK_FOR = 0.25
"""Seconds that a look-up may take; it takes about a millisecond."""

LATE_AT_MOST = 4
"""So many look-ups may be overdue; while they are, no further one is begun."""


class PhoneBook(Protocol):
    """Knows the names of numbers."""

    async def names_of(self, account: AccountId, number: E164) -> Names:
        """What the account's contacts call `number`."""
        ...


class KnownNames:
    """A phone book of one page: the same names for every number."""

    def __init__(self, names: Names = NO_NAMES) -> None:
        self._names = names

    async def names_of(self, account: AccountId, number: E164) -> Names:
        return self._names


class CallerNames:
    """Asks a phone book, for as long as that does no harm."""

    def __init__(self, book: PhoneBook) -> None:
        self._book = book
        self._late: set[asyncio.Task[Names]] = set()

    async def of(self, account: AccountId, number: E164) -> Names | None:
        """None when it is not known in time, or not at all now."""
        if len(self._late) >= LATE_AT_MOST:
            return None
        looking = asyncio.create_task(self._book.names_of(account, number), name="caller's name")
        looking.add_done_callback(self._over)
        try:
            await asyncio.wait({looking}, timeout=LOOK_FOR)
        finally:
            if not looking.done():
                self._late.add(looking)  # it ends by itself: a query that is cut off costs its connection
        if not looking.done() or looking.cancelled() or looking.exception() is not None:
            return None
        return looking.result()

    def _over(self, looking: asyncio.Task[Names]) -> None:
        self._late.discard(looking)
        if not looking.cancelled() and (problem := looking.exception()) is not None:
            log.warning("caller's name not looked up", problem=repr(problem))


async def name_the_caller(call: Call) -> None:
    """Have the phones, the record and whoever watches show the name of a caller from outside who is known."""
    caller = call.caller
    if caller.inside or caller.shown.withheld or caller.shown.e164 is None:
        return
    names = await call.platform.names.of(call.account_id, caller.shown.e164)
    if names is None:
        call.note(Decision("caller-name", "as sent along", rejected=("the phone book did not answer in time",)))
        return
    if decision := phone_book.why(caller.shown, names):
        call.note(decision)
    call.caller = caller.known_as(names)
    if call.record.caller_name != call.caller.shown.name:
        call.record.caller_name = call.caller.shown.name
        call.platform.live.changed(call)
