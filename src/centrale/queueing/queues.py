"""The queues of all accounts on this node: finds whose a call is, and follows accounts and running calls."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from centrale.acd.events import AnsweredEarlier, LoggedOn, WrapUpRestored
from centrale.acd.picture import CallId
from centrale.calls.call import Call
from centrale.calls.line import Phones
from centrale.calls.live import LiveCalls
from centrale.calls.ports import Directory
from centrale.clock import Clock
from centrale.queueing.arrangement import has_queues
from centrale.queueing.distribution import Distribution
from centrale.queueing.happenings import Happening, Tell, What, nobody_listens
from centrale.queueing.place import PlaceInLine
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber, PlatformSnapshot

_NOBODY: frozenset[ExtensionNumber] = frozenset()


class Queues:
    """Implements `calls.line.Line`.

    `tell`: hears of everything that happens, once. `opened`: decide from the start; after a restart only from `open`
    on, when everybody who waited is in line again. `when_called`: look at an account's queues only once a call comes to
    one of them; for a platform of which one call is all that happens.
    """

    def __init__(
        self,
        clock: Clock,
        directory: Directory,
        live: LiveCalls,
        tell: Tell = nobody_listens,
        *,
        opened: bool = True,
        when_called: bool = False,
    ) -> None:
        self._clock = clock
        self._directory = directory
        self._live = live
        self._tell = tell
        self._opened = opened
        self._when_called = when_called
        self._stopped = False
        self._of: dict[AccountId, Distribution] = {}
        self._engaged: dict[str, frozenset[ExtensionNumber]] = {}
        self._calls: dict[AccountId, Counter[ExtensionNumber]] = {}
        """In how many calls everybody is, without those that a queue connected."""
        self._registered: frozenset[ChannelName] | None = None
        self._joined: set[str] = set()
        self._awaited: set[str] = set()
        self._all_back = asyncio.Event()
        """Before `open`: who joined, who should yet, and that there is nobody of those."""
        live.watch(self._call_changed)
        directory.on_change(self.refresh)
        self.refresh(directory.current, frozenset(directory.current.accounts))

    def refresh(self, platform: PlatformSnapshot, changed: frozenset[AccountId]) -> None:
        """Accounts changed."""
        if self._stopped:
            return
        for id in changed:
            account, known = platform.accounts.get(id), self._of.get(id)
            if account is None:
                if known is not None:
                    self._of.pop(id).close()  # who waits is told that the number is not in use
            elif known is not None:
                known.refresh(account)
            elif has_queues(account) and not self._when_called:
                self._make(id)

    def phones_are(self, registered: frozenset[ChannelName] | None) -> None:
        """On these channels there is a phone now (QUE-4). None, as in the beginning: nobody can tell; all count."""
        before, self._registered = self._registered, registered
        if self._stopped or before == registered:
            return
        if before is None or registered is None:
            for distribution in self._of.values():
                distribution.phones_came_or_went(None)
            return
        owners = self._directory.current.account_of_channel
        changed: dict[AccountId, list[ChannelName]] = defaultdict(list)
        for channel in before ^ registered:
            if (owner := owners.get(channel)) in self._of:
                changed[owner].append(channel)
        for account, channels in changed.items():
            self._of[account].phones_came_or_went(channels)

    def _is_there(self, channel: ChannelName) -> bool:
        return self._registered is None or channel in self._registered

    def someone_is_free(self, account: AccountId, queue: ExtensionNumber) -> bool:
        return self.of(account).engine.free_for_another(queue)

    def join(
        self, call: Call, queue: ExtensionNumber, phones: Phones, *, held: bool, since: datetime | None
    ) -> PlaceInLine:
        place = self.of(call.account_id).join(call, queue, phones, held=held, since=since)
        self._is_back(call.id)
        return place

    def rings(self, account: AccountId, queues: Collection[ExtensionNumber]) -> bool:
        known = self._of.get(account)
        return known is not None and known.longest_ringing(queues) is not None

    def pick_up(self, picker: Call, queues: Collection[ExtensionNumber]) -> Call | None:
        known = self._of.get(picker.account_id)
        return None if known is None else known.pick_up(picker, queues)

    def talks(
        self, call: Call, queue: ExtensionNumber, agent: ExtensionNumber | None, since: datetime, came: datetime
    ) -> None:
        self.of(call.account_id).restored(CallId(call.id), queue, agent, since, came)

    def went(
        self,
        account: AccountId,
        call: str,
        queue: ExtensionNumber,
        came: datetime,
        at: datetime,
        talked: tuple[ExtensionNumber | None, datetime] | None,
    ) -> None:
        def told(what: What, at: datetime, agent: ExtensionNumber | None = None, seconds: float | None = None) -> None:
            self._tell(Happening(account, at, what, queue, call, agent, seconds, since=came, again=True))

        told(What.JOINED, came)
        if talked is None:
            told(What.ABANDONED, at, seconds=max(0.0, (at - came).total_seconds()))
            return
        agent, since = talked
        told(What.PICKED_UP if agent is None else What.ANSWERED, since, agent, max(0.0, (since - came).total_seconds()))
        told(What.TALK_ENDED, at, agent, max(0.0, (at - since).total_seconds()))
        if agent is not None and (known := self._of.get(account)) is not None:
            known.talked_until_now(CallId(call), queue, agent, since)

    def of(self, account: AccountId) -> Distribution:
        """The account's queues."""
        return self._of.get(account) or self._make(account)

    def known(self, account: AccountId) -> Distribution | None:
        """The same, but none for an account that has no queue."""
        return self._of.get(account)

    def remember(self, account: AccountId, events: Sequence[LoggedOn | AnsweredEarlier | WrapUpRestored]) -> None:
        """What a process before us knew of the account's queues; to be told before `open`."""
        if (queues := self._of.get(account)) is not None:
            queues.remember(events)

    async def back(self, calls: Collection[str], *, within: float) -> None:
        self._awaited = {call for call in calls if call not in self._joined}
        if self._awaited:
            self._all_back.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._all_back.wait()

    def _is_back(self, call: str) -> None:
        if not self._opened:
            self._joined.add(call)
            self._awaited.discard(call)
            if not self._awaited:
                self._all_back.set()

    def open(self) -> None:
        """Decide from now on."""
        self._opened = True
        self._joined.clear()
        for distribution in self._of.values():
            distribution.open()

    def stop(self) -> None:
        """The process ends: whoever waits, waits on, for the next one."""
        self._stopped = True
        for distribution in self._of.values():
            distribution.stop()

    def _make(self, id: AccountId) -> Distribution:
        account = self._directory.current.accounts[id]
        made = self._of[id] = Distribution(account, self._clock, self._tell, opened=self._opened, there=self._is_there)
        for agent, calls in self._calls.get(id, Counter[ExtensionNumber]()).items():
            made.other_calls(agent, calls)
        return made

    def _call_changed(self, what: str, call: Call) -> None:
        """Whoever takes part in a call is busy (QUE-4); the agent of a queue is so by the queue's own knowledge."""
        queues = self._of.get(call.account_id)
        if what == "ended":
            self._is_back(call.id)  # or never will be
            if queues is not None:
                queues.talk_ended(CallId(call.id))
        before = self._engaged.get(call.id, _NOBODY)
        now = _NOBODY if what == "ended" else frozenset(call.engaged)
        if queues is not None and (agent := queues.agent_of(CallId(call.id))) is not None:
            now -= {agent}
        if now == before:
            return
        if now:
            self._engaged[call.id] = now
        else:
            del self._engaged[call.id]
        calls = self._calls.setdefault(call.account_id, Counter())
        calls.update(now - before)
        calls.subtract(before - now)
        for user in now ^ before:
            count = calls[user]
            if not count:
                del calls[user]
            if queues is not None:
                queues.other_calls(user, count)
