"""The floor: each single change of the callers, agents and offers of an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from centrale.acd.events import Counters, OfferId
from centrale.acd.ground import Ground
from centrale.acd.instructions import Connect, Forward, Forwarding, Offer, Withdraw, Withdrawal
from centrale.acd.picture import LONGEST_RING, CallId, Overrides
from centrale.acd.state import Agent, Caller, Membership, Queue, Ringing, Talk
from centrale.acd.why import Why

SHORTEST_RING = 1.0
"""Seconds; a ring timeout below it counts as this: an offer nobody could answer would be made again and again."""
ENDED_OFFERS = 10_000
"""So many are remembered, for answers that come too late."""


class Floor(Ground):
    """Callers come and go, agents log on and off, phones ring, people talk."""

    def __init__(self, dice: Random) -> None:
        super().__init__(dice)
        self._on_long_wait, self._on_long_ring = self._waited_enough, self._rang_enough

    # Callers

    def enter(self, call: CallId, queue: Queue, joined: datetime, held: bool) -> Caller:
        caller = self.callers[call] = Caller(call, queue, joined, next(self.numbers), held)
        queue.enter(caller)
        self.moved[queue] = None
        self.set_forward_timer(caller)
        self.settle_ready(caller)
        return caller

    def set_forward_timer(self, caller: Caller) -> None:
        """From now on as the settings have it."""
        self.timers.cancel(caller.forwarding)
        caller.forwarding, caller.forward_due = None, False
        settings = caller.queue.settings
        if settings.forward_after is not None and settings.forward_to:
            due = caller.joined + timedelta(seconds=settings.forward_after)
            caller.forwarding = self.timers.set(due, self._on_long_wait, caller)

    def _waited_enough(self, caller: Caller) -> None:
        if caller.held:
            caller.forward_due = True
        else:
            self.forward(caller, caller.queue.settings.forward_to, Forwarding.TIMER)

    def leave(self, caller: Caller, withdrawal: Withdrawal) -> None:
        """The caller is no longer in the queue; phones stop ringing."""
        del self.callers[caller.call]
        caller.queue.leave(caller)
        self.timers.cancel(caller.forwarding)
        self.moved[caller.queue] = None
        for ringing in list(caller.offers.values()):
            self.end_offer(ringing, withdrawal)
        if caller.queue.ready:
            self.look_at[caller.queue] = None  # another caller may be first now

    def forward(self, caller: Caller, targets: tuple[str, ...], why: Forwarding) -> None:
        self.leave(caller, Withdrawal.CALLER_GONE)
        queue = caller.queue.settings.queue
        self.out.append(Forward(caller.call, queue, targets, why, self.waited(caller)))
        self.about_callers.note(caller.call, self.now, "forwarded to {0}: {1}", "; ".join(targets), why)

    # Members

    def join(self, agent: Agent, queue: Queue, rank: int | None, overrides: Overrides) -> Membership:
        """Make the agent a member; without a rank one who added themselves."""
        invited = rank is not None
        member = Membership(agent, queue, next(self.self_added) if rank is None else rank, overrides, invited)
        queue.members[agent.id] = member
        agent.memberships += 1
        return member

    def expel(self, member: Membership, withdrawal: Withdrawal) -> None:
        """The agent is no longer a member."""
        member.invited = False
        if member.session:
            self.log_off(member, withdrawal)
        else:
            self._strike(member)

    def _strike(self, member: Membership) -> None:
        del member.queue.members[member.agent.id]
        member.agent.memberships -= 1
        self.touched[member.agent] = None

    def log_on(self, member: Membership, since: datetime, counters: Counters) -> None:
        offered = counters.last_offered
        member.session = next(self.numbers)
        member.since = since
        member.last_offered = None if offered is None else min(offered + self.shift, self.now)
        member.answered, member.talked = counters.answered, counters.talked
        if offered is not None:
            member.queue.last_rank = member.rank  # the last who is told of was the last
        member.agent.logons[member.queue.settings.queue] = member
        member.queue.logged_on += 1
        member.agent.most = max(member.agent.most, self.most_calls(member))
        member.queue.unavailable[member.agent.id] = member
        self.refresh(member.agent)

    def log_off(self, member: Membership, withdrawal: Withdrawal) -> None:
        """The next logon counts anew (QUE-19); one who added themselves is no longer a member (QUE-15)."""
        agent, queue = member.agent, member.queue
        queue.move(member, None)
        del queue.unavailable[agent.id]
        del agent.logons[queue.settings.queue]
        queue.logged_on -= 1
        if not queue.logged_on:
            self.deserted[queue] = None
        member.session = 0
        if agent.ringing is not None and agent.ringing.membership is member:
            self.end_offer(agent.ringing, withdrawal)
        if not member.invited:
            self._strike(member)
        self.refresh(agent)

    # Offers and talks

    def offer(self, caller: Caller, member: Membership, why: Why) -> None:
        """Let the agent's phone ring."""
        agent, queue = member.agent, caller.queue
        seconds = min(max(member.ring_timeout, SHORTEST_RING), LONGEST_RING)
        ringing = Ringing(OfferId(next(self.numbers)), caller, member)
        ringing.timeout = self.timers.set(self.now + timedelta(seconds=seconds), self._on_long_ring, ringing)
        self.offers[ringing.offer] = ringing
        caller.offers[agent.id] = ringing
        caller.tried.add(agent.id)
        caller.last_tried = agent.id
        agent.ringing = ringing
        member.last_offered = self.now
        queue.last_rank = member.rank
        if not queue.rings_all:
            queue.make_unready(caller)
        second = agent.limit == 1 and agent.other_calls + len(agent.talks) > 0
        self.refresh(agent)
        settings = queue.settings
        self.out.append(
            Offer(
                ringing.offer,
                caller.call,
                settings.queue,
                agent.id,
                seconds,
                settings.emergency,
                second and agent.limit == 1,
                why,
            )
        )
        self.about_callers.note(caller.call, self.now, why)
        self.about_agents.note(agent.id, self.now, "offered {0} of queue {1}", caller.call, settings.queue)

    def _rang_enough(self, ringing: Ringing) -> None:
        self.miss(ringing, "did not answer")
        self.end_offer(ringing, Withdrawal.NO_ANSWER)

    def miss(self, ringing: Ringing, how: str) -> None:
        """Note that the agent did not take the call."""
        call, agent = ringing.caller.call, ringing.membership.agent.id
        self.about_agents.note(agent, self.now, "{0}: {1}", how, call)
        self.about_callers.note(call, self.now, "{0} {1}", agent, how)

    def end_offer(self, ringing: Ringing, withdrawal: Withdrawal | None) -> None:
        """The phone no longer rings. The caller, if still there, goes back to where they stood (QUE-20)."""
        caller, agent = ringing.caller, ringing.membership.agent
        self._take_back(ringing)
        if withdrawal is not None:
            self.out.append(Withdraw(ringing.offer, caller.call, agent.id, withdrawal))
        self.refresh(agent)
        if self.callers.get(caller.call) is caller:
            self.settle_ready(caller)

    def _take_back(self, ringing: Ringing) -> None:
        agent = ringing.membership.agent
        self.timers.cancel(ringing.timeout)
        del self.offers[ringing.offer]
        self.ended_offers[ringing.offer] = ringing.caller.call, agent.id
        if len(self.ended_offers) > ENDED_OFFERS:
            self.ended_offers.popitem(last=False)
        del ringing.caller.offers[agent.id]
        agent.ringing = None

    def connect(self, ringing: Ringing) -> None:
        """The first to answer gets the caller; whoever else rings for them, stops (QUE-5)."""
        caller, member = ringing.caller, ringing.membership
        agent, queue, waited = member.agent, caller.queue, self.waited(caller)
        self._take_back(ringing)
        self.leave(caller, Withdrawal.ANSWERED_ELSEWHERE)
        queue.waits.add(self.now, waited)
        member.answered += 1
        self.talk(caller.call, member, self.now)
        self.out.append(Connect(caller.call, queue.settings.queue, agent.id, ringing.offer, waited))
        self.about_callers.note(caller.call, self.now, "connected with {0}", agent.id)
        self.about_agents.note(agent.id, self.now, "connected with {0}", caller.call)

    def talk(self, call: CallId, member: Membership, since: datetime) -> None:
        session = member.session if member.since <= since else 0
        talk = Talk(call, member.agent, member, session, since, member.wrap_up)
        self.talks[call] = member.agent.talks[call] = talk
        self.refresh(member.agent)

    def end_talk(self, talk: Talk) -> None:
        """Count it, if it belongs to this logon, and begin the wrap-up (QUE-21)."""
        member, agent = talk.membership, talk.agent
        del self.talks[talk.call]
        del agent.talks[talk.call]
        if member.session and member.session == talk.session:
            member.talked += (self.now - talk.since).total_seconds()
        queue = self.queues.get(member.queue.settings.queue)
        present = None if queue is None else queue.members.get(agent.id)
        seconds = talk.wrap_up if present is None else present.wrap_up
        self.wrap_up(agent, self.now + timedelta(seconds=seconds))
        self.refresh(agent)
        self.about_agents.note(agent.id, self.now, "talk with {0} ended", talk.call)
