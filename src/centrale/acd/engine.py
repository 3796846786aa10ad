"""The queue engine of an account (QUE-1..25): what happens goes in, what is to be done comes out.

No I/O and no clock: each event comes with its time, and the engine names the next instant at which it wants to be told
that time has passed. One task per account owns it, so nothing is decided twice, nobody is offered two calls (QUE-5),
and there is nothing to lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from centrale.acd import events
from centrale.acd.configuring import configure
from centrale.acd.events import Event, Leaving, Miss
from centrale.acd.floor import Floor
from centrale.acd.instructions import Forward, Forwarding, Instruction, Refusal, Refuse, Withdraw, Withdrawal
from centrale.acd.matching import match
from centrale.acd.picture import AS_THE_QUEUE, CallId, QueueSettings
from centrale.acd.state import Membership, Queue
from centrale.acd.views import Views

REST = timedelta(seconds=5)
"""After a decline or a failure an agent is offered nothing for so long."""

_MISSED = {Miss.NO_ANSWER: "did not answer", Miss.DECLINED: "declined", Miss.FAILED: "could not be rung"}
_LEFT = {Leaving.HUNG_UP: "hung up", Leaving.BROKE_OUT: "left by pressing 1", Leaving.PICKED_UP: "was picked up by {0}"}


class Engine(Views):
    """All queues of one account, their callers and their agents. Questions about the present state: `Views`."""

    def __init__(self, seed: int = 0) -> None:
        """`seed`: for the strategy that goes by chance."""
        super().__init__(Floor(Random(seed)))  # noqa: S311 (fairness, no secret)
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            events.CallerJoined: self._caller_joined,
            events.CallerLeft: self._caller_left,
            events.OfferAnswered: self._offer_answered,
            events.OfferMissed: self._offer_missed,
            events.TalkEnded: self._talk_ended,
            events.OtherCalls: self._other_calls,
            events.TimePassed: lambda event: None,
            events.CallerHeld: self._caller_held,
            events.CallerReleased: self._caller_released,
            events.WrapUpEnded: self._wrap_up_ended,
            events.Reachable: self._reachable,
            events.LoggedOn: self._logged_on,
            events.LoggedOff: self._logged_off,
            events.Configured: lambda event: configure(self._floor, event.picture),
            events.TalkRestored: self._talk_restored,
            events.WrapUpRestored: self._wrap_up_restored,
            events.AnsweredEarlier: self._answered_earlier,
        }

    def handle(self, event: Event, now: datetime) -> list[Instruction]:
        """What is to be done now that `event` happened. Then ask `next_timer` anew.

        An event goes before what is due at the same instant: an agent who answers as the ring timeout ends, answered.
        """
        self._see(now)
        self._handlers[type(event)](event)
        return self._settle()

    def handle_all(self, happened: Iterable[Event], now: datetime) -> list[Instruction]:
        """Several events of one instant, before anything is decided. After a restart: the picture, then logons and what
        agents do, then talks, then callers."""
        self._see(now)
        for event in happened:
            self._handlers[type(event)](event)
        return self._settle()

    def next_timer(self) -> datetime | None:
        """When to send `TimePassed` at the latest; None: when something happens."""
        due = self._floor.timers.next()
        return None if due is None else due - self._floor.shift

    def clock_jumped(self, by: timedelta) -> None:
        """The clock that tells us the time was put forward by `by`, or back. Time goes on for us as if it had not been:
        nobody has waited any longer, and what was to last ten more seconds, does."""
        self._floor.shift -= by

    def _see(self, now: datetime) -> None:
        """A clock that was put back and nobody said so counts on from where it stood at the last event."""
        floor = self._floor
        seen = now + floor.shift if floor.shift else now
        if seen < floor.now:
            floor.shift = floor.now - now
        else:
            floor.now = seen

    def _earlier(self, moment: datetime | None) -> datetime:
        """A moment told from outside, as the engine counts; never in the future."""
        now = self._floor.now
        return now if moment is None else min(moment + self._floor.shift, now)

    def _settle(self) -> list[Instruction]:
        floor = self._floor
        floor.timers.run(floor.now)
        if floor.deserted:
            self._leave_deserted()
        match(floor)
        return floor.report()

    def _leave_deserted(self) -> None:
        """Nobody is logged on: callers go elsewhere, if there is a place (QUE-24)."""
        for queue in list(self._floor.deserted):
            targets = queue.settings.when_no_agents
            if targets and not queue.logged_on:
                for _, _, caller in list(queue.waiting):
                    if not caller.held:
                        self._floor.forward(caller, targets, Forwarding.NO_AGENTS)
        self._floor.deserted.clear()

    # Callers

    def _caller_joined(self, event: events.CallerJoined) -> None:
        floor, call = self._floor, event.call
        if (known := floor.callers.get(call)) is not None:
            if known.queue.settings.queue == event.queue:
                return
            floor.leave(known, Withdrawal.CALLER_GONE)
        if (talk := floor.talks.get(call)) is not None:
            floor.end_talk(talk)
        queue = floor.queues.get(event.queue)
        if queue is None:
            floor.out.append(Refuse(call, event.queue, Refusal.QUEUE_GONE))
            return
        if event.since is None and self._turned_away(call, queue):
            return
        caller = floor.enter(call, queue, self._earlier(event.since), event.held)
        floor.about_callers.note(
            call, floor.now, "waits in queue {0} at position {1}", event.queue, queue.position(caller)
        )
        if not queue.logged_on:
            floor.deserted[queue] = None

    def _turned_away(self, call: CallId, queue: Queue) -> bool:
        settings = queue.settings
        if not queue.logged_on and settings.when_no_agents:
            self._send_on(call, settings, settings.when_no_agents, Forwarding.NO_AGENTS)
        elif settings.call_limit is None or len(queue.waiting) < settings.call_limit:
            return False
        elif settings.forward_to:
            self._send_on(call, settings, settings.forward_to, Forwarding.LIMIT)
        else:
            self._floor.out.append(Refuse(call, settings.queue, Refusal.FULL))
            self._floor.about_callers.note(call, self._floor.now, "queue {0} is full", settings.queue)
        return True

    def _send_on(self, call: CallId, settings: QueueSettings, targets: tuple[str, ...], why: Forwarding) -> None:
        self._floor.out.append(Forward(call, settings.queue, targets, why, 0.0))
        self._floor.about_callers.note(call, self._floor.now, "forwarded to {0}: {1}", "; ".join(targets), why)

    def _caller_left(self, event: events.CallerLeft) -> None:
        floor = self._floor
        caller = floor.callers.get(event.call)
        if caller is None:
            return
        if event.how is Leaving.PICKED_UP:
            floor.leave(caller, Withdrawal.ANSWERED_ELSEWHERE)
            caller.queue.waits.add(floor.now, floor.waited(caller))
            member = None if event.by is None else caller.queue.members.get(event.by)
            if member is not None and member.session:
                member.answered += 1
                floor.talk(event.call, member, floor.now)
        else:
            floor.leave(caller, Withdrawal.CALLER_GONE)
        floor.about_callers.note(event.call, floor.now, _LEFT[event.how], event.by or "somebody")

    def _caller_held(self, event: events.CallerHeld) -> None:
        floor = self._floor
        caller = floor.callers.get(event.call)
        if caller is None or caller.held:
            return
        caller.held = True
        for ringing in list(caller.offers.values()):
            caller.tried.discard(ringing.membership.agent.id)
            floor.end_offer(ringing, Withdrawal.CALLER_HELD)
        floor.settle_ready(caller)

    def _caller_released(self, event: events.CallerReleased) -> None:
        floor = self._floor
        caller = floor.callers.get(event.call)
        if caller is None or not caller.held:
            return
        caller.held = False
        if caller.forward_due:
            floor.forward(caller, caller.queue.settings.forward_to, Forwarding.TIMER)
            return
        floor.settle_ready(caller)
        if not caller.queue.logged_on:
            floor.deserted[caller.queue] = None

    # Offers and talks

    def _offer_answered(self, event: events.OfferAnswered) -> None:
        ringing = self._floor.offers.get(event.offer)
        if ringing is not None:
            self._floor.connect(ringing)
            return
        late = self._floor.ended_offers.get(event.offer)
        if late is not None:
            self._floor.out.append(Withdraw(event.offer, late[0], late[1], Withdrawal.TOO_LATE))

    def _offer_missed(self, event: events.OfferMissed) -> None:
        floor = self._floor
        ringing = floor.offers.get(event.offer)
        if ringing is None:
            return
        floor.miss(ringing, _MISSED[event.how])
        if event.how is not Miss.NO_ANSWER:
            floor.rest(ringing.membership.agent, floor.now + REST)
        floor.end_offer(ringing, None)

    def _talk_ended(self, event: events.TalkEnded) -> None:
        if (talk := self._floor.talks.get(event.call)) is not None:
            self._floor.end_talk(talk)

    def _talk_restored(self, event: events.TalkRestored) -> None:
        floor, agent = self._floor, self._floor.agent(event.agent)
        if event.call in floor.talks:
            return
        if (caller := floor.callers.get(event.call)) is not None:
            floor.leave(caller, Withdrawal.CALLER_GONE)
        since = self._earlier(event.since)
        queue = floor.queues.get(event.queue) or Queue(QueueSettings(event.queue))
        member = queue.members.get(event.agent) or Membership(agent, queue, -1, AS_THE_QUEUE, invited=False)
        floor.talk(event.call, member, since)

    def _wrap_up_restored(self, event: events.WrapUpRestored) -> None:
        agent = self._floor.agent(event.agent)
        self._floor.wrap_up(agent, event.until + self._floor.shift)
        self._floor.refresh(agent)

    def _answered_earlier(self, event: events.AnsweredEarlier) -> None:
        if (queue := self._floor.queues.get(event.queue)) is not None:
            queue.waits.add(self._earlier(event.at), event.waited)

    # Agents

    def _other_calls(self, event: events.OtherCalls) -> None:
        agent = self._floor.agent(event.agent)
        agent.other_calls = max(0, event.calls)
        self._floor.refresh(agent)

    def _reachable(self, event: events.Reachable) -> None:
        agent = self._floor.agent(event.agent)
        agent.reachable = event.reachable
        if not event.reachable and agent.ringing is not None:
            self._floor.miss(agent.ringing, _MISSED[Miss.FAILED])
            self._floor.end_offer(agent.ringing, Withdrawal.UNREACHABLE)
        self._floor.refresh(agent)

    def _wrap_up_ended(self, event: events.WrapUpEnded) -> None:
        agent = self._floor.agents.get(event.agent)
        if agent is not None and agent.wrap_until is not None:
            self._floor.end_wrap_up(agent)

    def _logged_on(self, event: events.LoggedOn) -> None:
        floor = self._floor
        queue = floor.queues.get(event.queue)
        if queue is None:
            return
        member = queue.members.get(event.agent)
        if member is None:
            member = floor.join(floor.agent(event.agent), queue, None, AS_THE_QUEUE)
        if member.session:
            return
        floor.log_on(member, self._earlier(event.since), event.counters)
        floor.about_agents.note(event.agent, floor.now, "logged on to queue {0}", event.queue)

    def _logged_off(self, event: events.LoggedOff) -> None:
        floor = self._floor
        agent = floor.agents.get(event.agent)
        if agent is None:
            return
        left = [agent.logons.get(event.queue)] if event.queue else list(agent.logons.values())
        for member in left:
            if member is not None:
                name = member.queue.settings.queue
                floor.log_off(member, Withdrawal.LOGGED_OFF)
                floor.about_agents.note(event.agent, floor.now, "logged off from queue {0}", name)
