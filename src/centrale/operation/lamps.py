"""Keeps the message-waiting lamps of phones in step with the messages (VM-4).

A phone shows the messages of whoever is logged on to its channel: those for the user, and those in the mailboxes that
are linked to the user (VM-1). So a lamp changes when somebody leaves, hears or deletes a message, and when somebody
logs on or off, or a mailbox is linked to another. Only differences are told to the switch.

What the switch was told is kept in a file too, by the one before us as well: a lamp that was lit must be put out by
whoever knows of it, and the switch cannot be asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

import structlog

from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.messages_changes import MessageChanges
from centrale.accounts.messages_counts import Counts, counts
from centrale.kinds.mailbox import Mailbox
from centrale.operation.lamp_notes import LampNotes
from centrale.routing.snapshot import AccountId, AccountSnapshot, ChannelName, ExtensionNumber, PlatformSnapshot
from centrale.telephony.switch import Lamp, Switch, SwitchError

log = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = 2.0
"""Seconds, when the database or the switch refuses."""
AT_ONCE, EVERY = 50, 0.25
"""So many lamps are lit in so many seconds at most. Asterisk writes to each phone and waits for its answer: with
thousands at once its queues are full, so that it refuses calls (measured with 5,000; it took 380 MB for them, too)."""

Lit = dict[ChannelName, Lamp]
"""Lamps by channel; dark ones are left out."""


def wanted(account: AccountSnapshot, messages: Mapping[ExtensionNumber, Counts]) -> Lit:
    """Which lamps the account's phones should show, given the messages in each box that has any."""
    found: Lit = {}
    for box, (new, old) in messages.items():
        extension = account.extensions.get(box)
        if extension is None:
            continue
        settings = extension.settings
        user = settings.linked_user if isinstance(settings, Mailbox) else box
        for channel in () if user is None else account.devices_of(ExtensionNumber(user)):
            shown = found.get(channel, Lamp(channel))
            found[channel] = Lamp(channel, shown.new + new, shown.old + old)
    return found


class Lamps:
    """One per process. `keep()` in a task; `relight()` each time the switch has come up."""

    def __init__(
        self, database: Database, directory: Directory, changes: MessageChanges, switch: Switch, notes: Path
    ) -> None:
        self._database = database
        self._directory = directory
        self._switch = switch
        self._notes = LampNotes(notes)
        self._messages: dict[AccountId, dict[ExtensionNumber, Counts]] = {}
        self._shown: dict[AccountId, Lit] = {}
        """What the switch was told, or is about to be."""
        self._to_tell: Lit = {}
        """What it is about to be told, the latest news first."""
        self._left: Lit = {}
        """What the process before us told it, until we have told it all that we want."""
        self._to_show: set[AccountId] = set()
        """Accounts that changed since."""
        self._to_count: set[AccountId] | None = None
        """Those among them whose messages are to be counted anew; None: of all accounts."""
        self._anew = False
        """Is the switch one that may have forgotten everything?"""
        self._pictured: Mapping[AccountId, AccountSnapshot] = {}
        self._work = asyncio.Event()
        directory.on_change(self._picture_changed)
        changes.watch(self._messages_changed)

    def relight(self) -> None:
        """The switch has come up, perhaps without any lamps: whatever is lit is told again."""
        self._anew = True
        self._work.set()

    async def keep(self) -> None:
        """Until cancelled; what fails is told and tried again."""
        self._left = await asyncio.to_thread(self._notes.read)
        while True:
            if not self._to_tell or not self._switch.up():
                await self._work.wait()  # `relight` is called when the switch is up
            self._work.clear()
            if not self._switch.up():
                continue
            try:
                await self._catch_up()
                await self._tell()
            except (StorageUnavailable, SwitchError, OSError) as problem:
                if self._switch.up():
                    log.error("lamps cannot be brought up to date", problem=str(problem))
                await asyncio.sleep(TRY_AGAIN_AFTER)
                self._work.set()
            else:
                if self._to_tell:
                    await asyncio.sleep(EVERY)

    def _picture_changed(self, picture: PlatformSnapshot, accounts: frozenset[AccountId]) -> None:
        for account in accounts:
            before, now = self._pictured.get(account), picture.accounts.get(account)
            # Extensions take their messages along; a logon is told apart from that and needs no look, and neither does
            # an account without any.
            if (before and before.extensions) is (now and now.extensions) or not self._messages.get(account):
                continue
            if self._to_count is not None:
                self._to_count.add(account)
        self._pictured = picture.accounts
        self._to_show |= accounts
        self._work.set()

    def _messages_changed(self, account: AccountId, _mailbox: ExtensionNumber) -> None:
        if self._to_count is not None:
            self._to_count.add(account)
        self._to_show.add(account)
        self._work.set()

    async def _catch_up(self) -> None:
        accounts, self._to_show = self._to_show, set()
        anew, self._anew = self._anew, False
        try:
            await self._count()
        except BaseException:
            self._to_show |= accounts
            self._anew |= anew
            raise
        self._show(self._messages.keys() | self._shown.keys() | accounts if anew else accounts, anew=anew)

    async def _count(self) -> None:
        """Brings the counts up to date, of the accounts where they changed."""
        wanted_of, self._to_count = self._to_count, set()
        if wanted_of is not None and not wanted_of:
            return
        try:
            async with self._database.read() as unit:
                found = await counts(unit, wanted_of)
        except BaseException:
            self._to_count = None if wanted_of is None else self._to_count | wanted_of
            raise
        if wanted_of is None:
            self._messages = found
            return
        for account in wanted_of:
            if account in found:
                self._messages[account] = found[account]
            else:
                self._messages.pop(account, None)

    def _show(self, accounts: Iterable[AccountId], *, anew: bool) -> None:
        """Finds what differs, and has it told."""
        picture = self._directory.current
        # What the process before us lit, and nobody wants lit any more.
        dark: Lit = {channel: Lamp(channel) for channel in self._left} if anew else {}
        lit: Lit = {}
        for account in accounts:
            known, messages = picture.accounts.get(account), self._messages.get(account)
            now = wanted(known, messages) if known and messages else {}
            shown = self._shown.pop(account, {})
            if now:
                self._shown[account] = now
            dark |= {channel: Lamp(channel) for channel in shown if channel not in now}
            lit |= {channel: lamp for channel, lamp in now.items() if anew or shown.get(channel) != lamp}
        # A channel that one account gave up and another has now is lit. The latest news go first.
        news = dark | lit
        self._to_tell = news | {channel: lamp for channel, lamp in self._to_tell.items() if channel not in news}

    async def _tell(self) -> None:
        """Tells the switch some of what it is to be told."""
        some = dict(islice(self._to_tell.items(), AT_ONCE))
        if some:
            await asyncio.to_thread(self._notes.add, some.values())
            await self._switch.light(list(some.values()))
            self._to_tell = {channel: lamp for channel, lamp in self._to_tell.items() if some.get(channel) != lamp}
        if self._left and not self._to_tell:
            # All that was lit before us is as we want it: from here on the notes are ours.
            self._left = {}
            all_lit = [lamp for lamps in self._shown.values() for lamp in lamps.values()]
            await asyncio.to_thread(self._notes.rewrite, all_lit)
