"""The queues of one account: the one owner of its engine.

Everything here is synchronous and runs on the event loop, so one event is dealt with after another and nothing is
decided twice. What the engine decides for a caller is put before the call's own task (`place.py`), which acts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from centrale.acd.engine import Engine
from centrale.acd.events import (
    AnsweredEarlier,
    CallerJoined,
    CallerLeft,
    Event,
    Leaving,
    LoggedOff,
    LoggedOn,
    OfferMissed,
    OtherCalls,
    TalkEnded,
    TalkRestored,
    TimePassed,
    WrapUpRestored,
)
from centrale.acd.instructions import (
    AgentChanged,
    Connect,
    Forward,
    Instruction,
    Offer,
    PositionsMoved,
    Refuse,
    Withdraw,
    Withdrawal,
)
from centrale.acd.picture import CallId
from centrale.calls.call import Call
from centrale.calls.line import Phones
from centrale.calls.pickup import hand_over
from centrale.clock import Clock
from centrale.queueing.arrangement import KIND, There, changes, phones_came_or_went
from centrale.queueing.happenings import Tell, What
from centrale.queueing.place import PickedUp, PlaceInLine
from centrale.queueing.report import LEFT, Report
from centrale.queueing.steady import SteadyClock
from centrale.routing.snapshot import NOTHING, AccountSnapshot, ChannelName, ExtensionNumber


@dataclass(frozen=True, slots=True)
class _Talk:
    """`agent`: None when somebody who is none picked the caller up. `since`: by the steady clock."""

    queue: ExtensionNumber
    agent: ExtensionNumber | None
    since: datetime


class Distribution:
    """`opened`: whether it decides from the start; otherwise it gathers what it is told until `open`, so that callers
    of before a restart are all in line again before the first of them is offered to anybody. `there`: asked again
    whenever `phones_came_or_went` says so."""

    def __init__(
        self, account: AccountSnapshot, clock: Clock, report: Tell, *, opened: bool, there: There = lambda channel: True
    ) -> None:
        self.engine = Engine(seed=crc32(account.number.encode()))
        self._clock = clock
        self._steady = SteadyClock(clock)
        self._report = Report(account.id, clock, report)
        self._account = account
        self._there = there
        self._places: dict[CallId, PlaceInLine] = {}
        self._waiting_since: dict[CallId, datetime] = {}  # by the steady clock
        self._talks: dict[CallId, _Talk] = {}
        self._offers: dict[int, Offer] = {}
        self._gathered: list[Event] | None = None if opened else []
        self._joining: list[Event] = []
        self._stopped = False
        self._timer: asyncio.TimerHandle | None = None
        self._due: datetime | None = None
        self._arrange(None)

    # -- what happens ------------------------------------------------------------------------------------------------

    def refresh(self, account: AccountSnapshot) -> None:
        """Something was arranged, or somebody logged on or off."""
        old, self._account = self._account, account
        self._arrange(old)

    def phones_came_or_went(self, channels: Collection[ChannelName] | None) -> None:
        """On these channels of the account; None: perhaps on any."""
        if events := list(phones_came_or_went(self._account, channels, self._there)):
            self.tell(*events)

    def _arrange(self, old: AccountSnapshot | None) -> None:
        events = list(changes(old, self._account, self._there))
        for event in events:
            match event:
                case LoggedOn(agent, queue) if old is not None:
                    self._report(What.LOGGED_ON, queue, agent=agent, since=self._account.agents_on(queue)[agent])
                case LoggedOff(agent, queue) if old is not None and queue is not None:
                    since = old.agents_on(queue)[agent]
                    seconds = max(0.0, (self._clock.now() - since).total_seconds())
                    self._report(What.LOGGED_OFF, queue, agent=agent, seconds=seconds, since=since)
        if events:
            self.tell(*events)

    def join(
        self, call: Call, queue: ExtensionNumber, phones: Phones, *, held: bool, since: datetime | None
    ) -> PlaceInLine:
        """The caller takes the last place, or their old one."""
        place = self._places[CallId(call.id)] = PlaceInLine(self, call, queue, phones)
        joined = CallerJoined(CallId(call.id), queue, since, held)
        came = since or self._clock.now()
        self._waiting_since[joined.call] = self._steady.as_now(came)
        self._report.came(joined.call, queue, came, before_a_restart=since is not None)
        if self._gathered is not None:
            self._joining.append(joined)
        else:
            self._decide([joined])
        return place

    def left(self, place: PlaceInLine, how: Leaving) -> None:
        """The caller is no longer in line, or the talk has ended."""
        id = CallId(place.call.id)
        self._places.pop(id, None)
        since = self._waiting_since.pop(id, None)
        if since is not None:
            self._report(LEFT[how], place.queue, call=id, seconds=self._steady.seconds_since(since))
            self.tell(CallerLeft(id, how))
        self.talk_ended(id)
        self._report.forget(id)

    def longest_ringing(self, queues: Collection[ExtensionNumber]) -> PlaceInLine | None:
        """Of the callers for whom a phone rings, the one who waits longest."""
        gone = {id for id, place in self._places.items() if place.call.leg.gone is not None}
        found = self.engine.longest_ringing(queues, gone)
        return None if found is None else self._places.get(found)

    def pick_up(self, picker: Call, queues: Collection[ExtensionNumber]) -> Call | None:
        """See `calls.line.Line.pick_up`. All in one turn of the loop: the phones that ring stop before anybody else can
        be given the caller."""
        place, user = self.longest_ringing(queues), picker.caller.user
        if place is None or user is None or picker.leg.gone is not None or self._stopped:
            return None
        id = CallId(place.call.id)
        agent = user if self.engine.is_on(user, place.queue) else None
        waited = self._steady.seconds_since(self._waiting_since.pop(id))
        self._talks[id] = _Talk(place.queue, agent, self._steady.now())
        self._report(What.PICKED_UP, place.queue, call=id, agent=agent, seconds=waited)
        self.tell(CallerLeft(id, Leaving.PICKED_UP, user))
        place.take(PickedUp(agent, hand_over(picker, place.call)))
        return place.call

    def restored(
        self, call: CallId, queue: ExtensionNumber, agent: ExtensionNumber | None, since: datetime, came: datetime
    ) -> None:
        """They have been talking since before a restart; the caller came at `came`."""
        self._talks[call] = _Talk(queue, agent, self._steady.as_now(since))
        self._report.came(call, queue, came, before_a_restart=True)
        if agent is not None:
            self.tell(TalkRestored(call, queue, agent, since))

    def talked_until_now(self, call: CallId, queue: ExtensionNumber, agent: ExtensionNumber, since: datetime) -> None:
        """A talk of before a restart ended while nobody watched. That was told; wrap-up begins now (QUE-21)."""
        self.tell(TalkRestored(call, queue, agent, since), TalkEnded(call))

    def talk_ended(self, call: CallId) -> None:
        """Caller and agent are no longer connected; nothing for a call that was no talk of ours."""
        talk = self._talks.pop(call, None)
        if talk is not None:
            talked = self._steady.seconds_since(talk.since)
            self._report(What.TALK_ENDED, talk.queue, call=call, agent=talk.agent, seconds=talked)
            self.tell(TalkEnded(call))
            if call not in self._places:
                self._report.forget(call)

    def other_calls(self, agent: ExtensionNumber, calls: int) -> None:
        """The agent is in so many calls that are none of ours."""
        self.tell(OtherCalls(agent, calls))

    def agent_of(self, call: CallId) -> ExtensionNumber | None:
        """Who talks with this caller as an agent of ours."""
        talk = self._talks.get(call)
        return None if talk is None else talk.agent

    def remember(self, events: Sequence[LoggedOn | AnsweredEarlier | WrapUpRestored]) -> None:
        """What a process before us knew: counters since logon, waits of the last half hour, wrap-ups that last. Before
        `open`; afterwards it is too late, and nothing happens."""
        if self._gathered is not None:
            self._gathered[1:1] = events  # behind the arrangement, before the logons, which know no counters

    def open(self) -> None:
        """Decide from now on."""
        if self._gathered is not None:
            gathered, self._gathered = [*self._gathered, *self._joining], None
            self.tell(*gathered)

    def close(self) -> None:
        """The account goes, and its queues with it."""
        self.refresh(replace(self._account, extensions=NOTHING, queue_logons=NOTHING))

    def stop(self) -> None:
        """The process ends: callers stay where they are."""
        self._stopped = True
        self._report.stop()
        if self._timer is not None:
            self._timer.cancel()

    def has(self, queue: ExtensionNumber) -> bool:
        """Is it a queue of this account?"""
        return (found := self._account.extensions.get(queue)) is not None and found.kind == KIND

    def expected_wait(self, queue: ExtensionNumber) -> float:
        """Seconds; see the engine. Nothing for a queue that is not there any more."""
        try:
            return self.engine.expected_wait(queue)
        except KeyError:
            return 0.0

    # -- what follows ------------------------------------------------------------------------------------------------

    def tell(self, *events: Event) -> None:
        """Have the engine decide, and pass on what it decided."""
        if self._stopped:
            return
        if self._gathered is not None:
            self._gathered += events
            return
        for event in events:
            if isinstance(event, OfferMissed) and (offer := self._offers.pop(event.offer, None)) is not None:
                self._report(What.MISSED, offer.queue, call=offer.call, agent=offer.agent, detail=event.how.value)
        self._decide(events)

    def _decide(self, events: Sequence[Event], *, due: bool = False) -> None:
        """`due`: the engine's timer ran out, although the clock may stand a little before its instant."""
        if self._stopped:
            return
        if jumped := self._steady.jumped():
            self.engine.clock_jumped(jumped)
        now = self._clock.now()
        if due and (wanted := self.engine.next_timer()) is not None:
            now = max(now, wanted)
        for instruction in self.engine.handle_all(events, now):
            self._pass_on(instruction)
        self._set_timer()

    def _pass_on(self, instruction: Instruction) -> None:
        match instruction:
            case AgentChanged(agent, state, since, until):
                lasts = None if until is None else (until - since).total_seconds()
                self._report(What.AGENT_STATE, None, agent=agent, seconds=lasts, detail=state.value)
                return
            case PositionsMoved(queue, waiting):
                self._report(What.WAITING, queue, number=waiting)
                return
            case Offer():
                self._offers[instruction.offer] = instruction
                self._report(What.OFFERED, instruction.queue, call=instruction.call, agent=instruction.agent)
            case Withdraw():
                offer = self._offers.pop(instruction.offer, None)
                if offer is not None:
                    what = What.MISSED if instruction.why is Withdrawal.NO_ANSWER else What.WITHDRAWN
                    detail = instruction.why.value
                    self._report(what, offer.queue, call=offer.call, agent=offer.agent, detail=detail)
            case Connect(call, queue, agent, offer_id, waited):
                self._offers.pop(offer_id, None)
                self._waiting_since.pop(call, None)
                self._talks[call] = _Talk(queue, agent, self._steady.now())
                self._report(What.ANSWERED, queue, call=call, agent=agent, seconds=waited)
            case Forward(call, queue, why=forwarding, waited=waited):
                self._waiting_since.pop(call, None)
                self._report(What.FORWARDED, queue, call=call, seconds=waited, detail=forwarding.value)
            case Refuse(call, queue, why=refusal):
                self._waiting_since.pop(call, None)
                self._report(What.REFUSED, queue, call=call, detail=refusal.value)
        place = self._places.get(instruction.call)
        if place is not None:
            place.take(instruction)

    def _set_timer(self) -> None:
        due = self.engine.next_timer()
        if due == self._due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due, self._timer = due, None
        if due is not None:
            left = max(0.0, (due - self._clock.now()).total_seconds())
            self._timer = asyncio.get_running_loop().call_later(left, self._time_passed)

    def _time_passed(self) -> None:
        self._due = self._timer = None
        self._decide([TimePassed()], due=True)
