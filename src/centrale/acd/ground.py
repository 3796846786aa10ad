"""The ground that the floor stands on: time, what is collected, and who is available.

A change keeps all of the picture consistent and notes what has to be looked at again; what follows from it is decided
by `matching.py` and `engine.py`.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from itertools import count
from random import Random

from centrale.acd.agent_state import AgentState
from centrale.acd.events import OfferId
from centrale.acd.history import History
from centrale.acd.instructions import AgentChanged, Instruction, PositionsMoved
from centrale.acd.picture import AgentId, CallId, QueueId
from centrale.acd.state import NEVER, Agent, Caller, Membership, Queue, Ringing, Talk
from centrale.acd.timers import Timers

SELF_ADDED = 1_000_000
"""Rank of the first agent who is no member but logged on (QUE-15): after all members."""
AGENT_ENTRIES, CALLER_ENTRIES = 60, 100
AGENTS_KEPT, CALLERS_KEPT = 10_000, 2_000


class Ground:
    """All that is known. `now` never goes back; `out` collects instructions."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.now = NEVER
        self.shift = timedelta(0)
        """How far our time is ahead of a clock that was put back."""
        self.out: list[Instruction] = []
        self.queues: dict[QueueId, Queue] = {}
        self.agents: dict[AgentId, Agent] = {}
        self.callers: dict[CallId, Caller] = {}
        self.offers: dict[OfferId, Ringing] = {}
        self.ended_offers: OrderedDict[OfferId, tuple[CallId, AgentId]] = OrderedDict()
        """The last ones: their agents may answer yet."""
        self.talks: dict[CallId, Talk] = {}
        self.limits: dict[AgentId, int] = {}
        self.about_callers = History(CALLERS_KEPT, CALLER_ENTRIES)
        self.about_agents = History(AGENTS_KEPT, AGENT_ENTRIES)
        self.look_at: dict[Queue, None] = {}
        """Queues in which a caller became ready since agents and callers were last matched."""
        self.freed: dict[Agent, None] = {}
        """Agents who became available since."""
        self.deserted: dict[Queue, None] = {}
        """Queues in which callers may be waiting though nobody is logged on."""
        self.timers = Timers()
        self._on_wrap_up_over, self._on_rest_over = self.end_wrap_up, self._end_rest
        """Bound once: thousands of timers share them."""
        self.numbers = count(1)
        self.self_added = count(SELF_ADDED)
        self.moved: dict[Queue, None] = {}
        self.touched: dict[Agent, None] = {}

    def agent(self, id: AgentId) -> Agent:
        agent = self.agents.get(id)
        if agent is None:
            agent = self.agents[id] = Agent(id, limit := self.limits.get(id, 1), most=limit)
        return agent

    def forget_if_idle(self, agent: Agent) -> None:
        """Keep nothing of somebody of whom there is nothing to know."""
        busy = agent.talks or agent.ringing or agent.other_calls or agent.wrap_until or agent.rest_until
        if not busy and not agent.memberships and agent.reachable:
            self.agents.pop(agent.id, None)

    def refresh(self, agent: Agent) -> None:
        """Work out anew in which queues the agent is available (QUE-4)."""
        agent.state = agent.doing()
        self.touched[agent] = None
        able = agent.ringing is None and agent.wrap_until is None and agent.rest_until is None and agent.reachable
        calls = agent.other_calls + len(agent.talks)
        if not agent.listed and not (able and calls < agent.most):
            return  # was available nowhere, and is not now
        agent.listed = False
        for member in agent.logons.values():
            queue = member.queue
            key = queue.key(member) if able and calls < self.most_calls(member) else None
            if key is not None:
                agent.listed = True
            if key != member.key:
                if member.key is None:
                    self.freed[agent] = None
                queue.move(member, key)

    def most_calls(self, member: Membership) -> int:
        """How many calls at once the queue allows the agent (QUE-4)."""
        limit = member.agent.limit
        return 2 if member.queue.second_call and limit == 1 else limit

    def wrap_up(self, agent: Agent, until: datetime) -> None:
        """No calls until then. Of two wrap-ups the later end counts."""
        if until <= self.now or (agent.wrap_until is not None and agent.wrap_until >= until):
            return
        self.timers.cancel(agent.wrapping)
        agent.wrap_until = until
        agent.wrapping = self.timers.set(until, self._on_wrap_up_over, agent)

    def end_wrap_up(self, agent: Agent) -> None:
        self.timers.cancel(agent.wrapping)
        agent.wrapping = agent.wrap_until = None
        self.refresh(agent)

    def rest(self, agent: Agent, until: datetime) -> None:
        """No calls until then: a phone that refuses at once is not rung a hundred times a second."""
        self.timers.cancel(agent.resting)
        agent.rest_until = until
        agent.resting = self.timers.set(until, self._on_rest_over, agent)

    def _end_rest(self, agent: Agent) -> None:
        agent.resting = agent.rest_until = None
        self.refresh(agent)

    def settle_ready(self, caller: Caller) -> None:
        """Put the caller among the ready ones, or take them out, as it is now."""
        queue = caller.queue
        if queue.is_ready(caller):
            queue.make_ready(caller)
            self.look_at[queue] = None
        else:
            queue.make_unready(caller)

    def waited(self, caller: Caller) -> float:
        return (self.now - caller.joined).total_seconds()

    def report(self) -> list[Instruction]:
        """All instructions since the last report."""
        for queue in self.moved:
            if self.queues.get(queue.settings.queue) is queue:
                self.out.append(PositionsMoved(queue.settings.queue, len(queue.waiting)))
        for agent in self.touched:
            state = agent.state
            if state is not agent.told_state:
                agent.told_state = state
                until = {AgentState.WRAP_UP: agent.wrap_until, AgentState.RESTING: agent.rest_until}.get(state)
                until = None if until is None else until - self.shift
                self.out.append(AgentChanged(agent.id, state, self.now - self.shift, until))
            if state is AgentState.LOGGED_OFF:
                self.forget_if_idle(agent)
        self.moved.clear()
        self.touched.clear()
        out, self.out = self.out, []
        return out
