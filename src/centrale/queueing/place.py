"""One caller's place in line: rings the agents whom the engine chose, in the call's own task."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from centrale.acd.events import CallerHeld, CallerReleased, Leaving, Miss, OfferAnswered, OfferId, OfferMissed
from centrale.acd.instructions import Connect, Forward, Forwarding, Offer, Refusal, Refuse, Withdraw, Withdrawal
from centrale.acd.picture import CallId
from centrale.calls.call import Call
from centrale.calls.confirming import confirms
from centrale.calls.line import Because, Phones, SentOn, Served, Taken, TurnedAway
from centrale.calls.ring import AnsweredBy, NobodyAnswered, first_to_answer
from centrale.routing.snapshot import ExtensionNumber
from centrale.routing.trace import Decision
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

if TYPE_CHECKING:
    from centrale.queueing.distribution import Distribution


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Somebody took the caller (QUE-25). `agent`: if it is one who is logged on to the queue."""

    agent: ExtensionNumber | None
    answered: AnsweredBy


ForThePlace = Offer | Withdraw | Connect | Forward | Refuse | PickedUp

OFFERS_TRACED = 50
"""Of a caller whom nobody answers for hours, so many offers are told one by one."""

WATCHED_BY_THE_ENGINE = 10.0
"""Seconds beyond the ring timeout after which we stop ringing by ourselves; the engine says so before."""

_TURNED_AWAY = {Refusal.FULL: Because.FULL, Refusal.QUEUE_GONE: Because.QUEUE_GONE}
_DECLINED = frozenset({Cause.BUSY, Cause.DECLINED, Cause.NO_ANSWER})


class PlaceInLine:
    """Implements `calls.line.Place`."""

    def __init__(self, distribution: Distribution, call: Call, queue: ExtensionNumber, phones: Phones) -> None:
        self.call = call
        self.queue = queue
        self._id = CallId(call.id)
        self._distribution = distribution
        self._phones = phones
        self._inbox: deque[ForThePlace] = deque()
        self._woken = asyncio.Event()
        self._changed = asyncio.Event()
        self._ringing: dict[OfferId, asyncio.Task[None]] = {}
        self._stopped_because: dict[OfferId, Cause] = {}
        self._answered: dict[OfferId, AnsweredBy] = {}
        self._outcome: Served | None = None
        self._how = Leaving.HUNG_UP
        self._left = False
        self._offers = 0

    # -- what the kind asks ----------------------------------------------------------------------------------------

    @property
    def position(self) -> int:
        return self._distribution.engine.position(self._id) or 1

    @property
    def expected_wait(self) -> float:
        return self._distribution.expected_wait(self.queue)

    @property
    def is_offered(self) -> bool:
        return self._distribution.engine.is_offered(self._id)

    @property
    def is_over(self) -> bool:
        return any(isinstance(instruction, Forward | Refuse) for instruction in self._inbox)

    @property
    def is_decided(self) -> bool:
        return self._outcome is not None or any(not isinstance(it, Offer | Withdraw) for it in self._inbox)

    async def changed(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def hold(self) -> None:
        self._distribution.tell(CallerHeld(self._id))

    def release(self) -> None:
        self._distribution.tell(CallerReleased(self._id))

    def broke_out(self) -> None:
        self._how = Leaving.BROKE_OUT
        self.leave()

    def leave(self) -> None:
        if not self._left:
            self._left = True
            self._distribution.left(self, self._how)

    # -- what the engine decides -----------------------------------------------------------------------------------

    def take(self, instruction: ForThePlace) -> None:
        """Have the caller's task act on it."""
        self._inbox.append(instruction)
        self._woken.set()
        self._changed.set()

    async def served(self) -> Served:
        try:
            async with asyncio.TaskGroup() as group:
                while self._outcome is None:
                    while not self._inbox:
                        self._woken.clear()
                        await self._woken.wait()
                    self._act(group, self._inbox.popleft())
                for task in self._ringing.values():
                    task.cancel()
            served, self._outcome = self._outcome, None
        finally:
            # Who answered too late, or in the very moment in which the caller went.
            late = [*self._answered.values(), *([self._outcome.answered] if isinstance(self._outcome, Taken) else [])]
            await asyncio.gather(*(answered.leg.hang_up() for answered in late))
        return served

    def _act(self, group: asyncio.TaskGroup, instruction: ForThePlace) -> None:
        match instruction:
            case Offer():
                self._ringing[instruction.offer] = group.create_task(self._ring(instruction))
            case Withdraw(offer, why=Withdrawal.TOO_LATE):
                self._hang_up_late(group, offer)
            case Withdraw(offer, agent=agent, why=why):
                self._withdraw(offer, agent, why)
            case Connect(offer=offer, agent=agent, waited=waited):
                self._outcome = Taken(agent, self._answered.pop(offer))
                self.call.step("queue", f"{agent} gets the caller", waited=round(waited, 3))
            case PickedUp(agent, answered):
                self._outcome = Taken(agent, answered)
            case Forward(targets=targets, why=Forwarding() as why):
                self._outcome = SentOn(targets, Because(why.value))
            case Refuse(why=refusal):
                self._outcome = TurnedAway(_TURNED_AWAY[refusal])

    def _withdraw(self, offer: OfferId, agent: ExtensionNumber, why: Withdrawal) -> None:
        task = self._ringing.pop(offer, None)
        if task is not None:
            self._trace(f"{agent}: {why.value.replace('_', ' ')}")
            if why is Withdrawal.ANSWERED_ELSEWHERE:
                self._stopped_because[offer] = Cause.ANSWERED_ELSEWHERE
            task.cancel()

    def _hang_up_late(self, group: asyncio.TaskGroup, offer: OfferId) -> None:
        late = self._answered.pop(offer, None)
        if late is not None:
            self._trace(f"{late.attempt.party} answered too late")
            group.create_task(late.leg.hang_up())

    async def _ring(self, offer: Offer) -> None:
        """Ring one agent; what comes of it is told to the engine, which decides what follows."""
        call = self.call
        self._offers += 1
        if self._offers <= OFFERS_TRACED:
            call.note(offer.decision)
        noted = len(call.record.trace)
        attempts = self._phones(offer.agent)
        if self._offers > OFFERS_TRACED:
            del call.record.trace[noted:]
        rung = {phone for attempt in attempts for phone in attempt.phones if phone not in call.channels}
        ways = [way.name for attempt in attempts for way in attempt.ways]
        call.record.legs += [name for name in ways if name not in call.record.legs]
        if rung and call.record.ringing is None:
            call.record.ringing = call.now()
        call.channels |= rung  # a phone that rings takes part (CHN-1)
        call.platform.live.changed(call)
        try:
            result = await first_to_answer(
                call.platform.switch,
                attempts,
                caller=call.leg.id,
                timeout=offer.ring_for + WATCHED_BY_THE_ENGINE,
                open_legs=call.open_legs,
                stopped_because=lambda: self._stopped_because.pop(offer.offer, Cause.NO_ANSWER),
            )
        finally:
            call.channels -= rung
            call.open_legs -= {leg for leg in call.open_legs if leg.gone is not None and leg is not call.leg}
        match result:
            case AnsweredBy(leg, attempt, way):
                if attempt.confirms and not await self._is_a_person(result):
                    call.open_legs.discard(leg)
                    self._ringing.pop(offer.offer, None)
                    self._changed.set()
                    self._distribution.tell(OfferMissed(offer.offer, Miss.DECLINED))
                    return
                call.step("ring", f"{attempt.party} answered", way=way.name)
                self._answered[offer.offer] = result
                self._distribution.tell(OfferAnswered(offer.offer))
            case NobodyAnswered(cause, causes):
                self._trace(f"{offer.agent}: {cause}", **causes)
                self._ringing.pop(offer.offer, None)
                self._changed.set()
                how = Miss.DECLINED if cause in _DECLINED else Miss.FAILED
                self._distribution.tell(OfferMissed(offer.offer, how))

    async def _is_a_person(self, answered: AnsweredBy) -> bool:
        queue = self.call.account.extensions.get(self.queue)
        return await confirms(self.call, answered, Prompt.QUEUE_TAKE_CALL, queue=queue.name if queue else "")

    def _trace(self, outcome: str, **facts: Cause) -> None:
        if self._offers <= OFFERS_TRACED:
            self.call.step("queue-offer", outcome, **facts)
        elif self._offers == OFFERS_TRACED + 1:
            self.call.note(Decision("queue-offer", "more offers follow that are not told"))
