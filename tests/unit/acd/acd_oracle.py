"""The queue engine a second time, slow and obvious: no index, no timers, everything looked at anew after each event.

It predicts every offer, connection, withdrawal, forward and refusal. Where chance decides (the random strategy) it
says who may be chosen, and takes over what the engine chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from centrale.acd import (
    Connect,
    Forward,
    Forwarding,
    Member,
    Offer,
    Overrides,
    Picture,
    QueueSettings,
    Refusal,
    Refuse,
    Strategy,
    Withdraw,
    Withdrawal,
)

REST = timedelta(seconds=5)


@dataclass(eq=False)
class Logon:
    since: datetime
    offered: datetime | None = None
    answered: int = 0
    talked: float = 0.0

    @property
    def idle_since(self) -> datetime:
        return self.offered or self.since


@dataclass(eq=False)
class Person:
    """Somebody who may take calls."""

    reachable: bool = True
    others: int = 0
    limit: int = 1
    wrap_until: datetime | None = None
    rest_until: datetime | None = None


@dataclass(eq=False)
class Waiter:
    call: str
    queue: str
    joined: datetime
    number: int
    held: bool
    tried: set[str] = field(default_factory=set)
    last_tried: str | None = None


@dataclass(eq=False)
class Bell:
    """An offer: a phone that rings."""

    offer: int
    waiter: Waiter
    agent: str
    until: datetime


@dataclass(eq=False)
class Pair:
    agent: str
    queue: QueueSettings
    overrides: Overrides
    logon: Logon | None
    since: datetime


class Oracle:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.queues: dict[str, QueueSettings] = {}
        self.added: dict[str, list[str]] = {}
        """By queue, agents who added themselves."""
        self.logons: dict[tuple[str, str], Logon] = {}
        """By queue and agent."""
        self.people: dict[str, Person] = {}
        self.waiters: list[Waiter] = []
        self.bells: list[Bell] = []
        self.pairs: dict[str, Pair] = {}
        self.turn: dict[str, tuple[str, bool] | None] = {}
        """By queue: the agent last offered a call (True), or the one before them (False)."""
        self.limits: Mapping[str, int] = {}
        self.told: list[Any] = []
        self.numbers = 0

    # What happens

    def configured(self, picture: Picture) -> None:
        for gone in set(self.queues) - set(picture.queues):
            settings = self.queues[gone]
            for waiter in self.in_queue(gone):
                if settings.forward_to:
                    self.forward(waiter, settings.forward_to, Forwarding.QUEUE_GONE)
                else:
                    self.remove(waiter, Withdrawal.QUEUE_GONE)
                    self.told.append(Refuse(waiter.call, gone, Refusal.QUEUE_GONE))
            for agent in self.by_rank(gone):
                self.off(gone, agent, Withdrawal.QUEUE_GONE)
            del self.queues[gone], self.added[gone], self.turn[gone]
        for name, settings in picture.queues.items():
            if name not in self.queues:
                self.queues[name], self.added[name], self.turn[name] = settings, [], None
                continue
            before, members = self.by_rank(name), {member.agent for member in settings.members}
            stays = [agent for agent in before if agent in members or agent in self.added[name]]
            turn = self.turn[name]
            if turn is not None and turn[0] not in stays:
                earlier = [agent for agent in before[: before.index(turn[0])] if agent in stays]
                turn = (earlier[-1], False) if earlier else None
            for agent in before:
                if agent not in stays:
                    self.off(name, agent, Withdrawal.LOGGED_OFF)
            self.added[name] = [agent for agent in self.added[name] if agent not in members]
            self.queues[name], self.turn[name] = settings, turn
        self.limits = picture.call_limits
        for agent in {member.agent for settings in picture.queues.values() for member in settings.members}:
            self.person(agent)
        for agent, person in self.people.items():
            person.limit = self.limits.get(agent, 1)

    def joined(self, call: str, queue: str, since: datetime | None, held: bool) -> None:
        settings = self.queues.get(queue)
        if any(waiter.call == call for waiter in self.waiters) or call in self.pairs:
            return  # the histories have no such calls
        if settings is None:
            self.told.append(Refuse(call, queue, Refusal.QUEUE_GONE))
            return
        full = settings.call_limit is not None and len(self.in_queue(queue)) >= settings.call_limit
        if since is None and settings.when_no_agents and not self.logged_on(queue):
            self.told.append(Forward(call, queue, settings.when_no_agents, Forwarding.NO_AGENTS, 0.0))
        elif since is None and full and settings.forward_to:
            self.told.append(Forward(call, queue, settings.forward_to, Forwarding.LIMIT, 0.0))
        elif since is None and full:
            self.told.append(Refuse(call, queue, Refusal.FULL))
        else:
            self.numbers += 1
            self.waiters.append(Waiter(call, queue, since or self.now, self.numbers, held))

    def left(self, call: str, withdrawal: Withdrawal) -> None:
        for waiter in [waiter for waiter in self.waiters if waiter.call == call]:
            self.remove(waiter, withdrawal)

    def hold(self, call: str, held: bool) -> None:
        for waiter in self.waiters:
            if waiter.call == call:
                waiter.held = held
                for bell in self.bells_for(waiter):
                    if held:
                        waiter.tried.discard(bell.agent)
                        self.stop(bell, Withdrawal.CALLER_HELD)

    def on(self, agent: str, queue: str, since: datetime) -> None:
        if queue in self.queues and (queue, agent) not in self.logons:
            self.person(agent)
            if agent not in self.by_rank(queue):
                self.added[queue].append(agent)
            self.logons[queue, agent] = Logon(since)

    def off(self, queue: str, agent: str, withdrawal: Withdrawal = Withdrawal.LOGGED_OFF) -> None:
        self.logons.pop((queue, agent), None)
        for bell in self.bells:
            if bell.agent == agent and bell.waiter.queue == queue:
                self.stop(bell, withdrawal)
                break
        if agent in self.added[queue]:
            before = self.by_rank(queue)
            if (turn := self.turn[queue]) and turn[0] == agent:
                index = before.index(agent)
                self.turn[queue] = (before[index - 1], False) if index else None
            self.added[queue].remove(agent)

    def answered(self, offer: int) -> Connect | None:
        bell = next((bell for bell in self.bells if bell.offer == offer), None)
        if bell is None:
            return None
        waiter, agent = bell.waiter, bell.agent
        self.bells.remove(bell)
        self.remove(waiter, Withdrawal.ANSWERED_ELSEWHERE)
        logon = self.logons[waiter.queue, agent]
        logon.answered += 1
        settings = self.queues[waiter.queue]
        self.pairs[waiter.call] = Pair(agent, settings, self.overrides(waiter.queue, agent), logon, self.now)
        waited = (self.now - waiter.joined).total_seconds()
        connect = Connect(waiter.call, waiter.queue, agent, offer, waited)
        self.told.append(connect)
        return connect

    def missed(self, offer: int, rests: bool) -> None:
        for bell in list(self.bells):
            if bell.offer == offer:
                self.bells.remove(bell)
                if rests:
                    self.people[bell.agent].rest_until = self.now + REST

    def ended(self, call: str) -> None:
        pair = self.pairs.pop(call, None)
        if pair is None:
            return
        queue = pair.queue.queue
        if pair.logon is not None and self.logons.get((queue, pair.agent)) is pair.logon:
            pair.logon.talked += (self.now - pair.since).total_seconds()
        settings, overrides = pair.queue, pair.overrides
        if queue in self.queues and pair.agent in self.by_rank(queue):
            settings, overrides = self.queues[queue], self.overrides(queue, pair.agent)
        seconds = settings.wrap_up if overrides.wrap_up is None else overrides.wrap_up
        until = self.now + timedelta(seconds=seconds)
        person = self.people[pair.agent]
        if until > self.now:
            person.wrap_until = max(until, person.wrap_until or until)

    def time_passes(self) -> None:
        """Everything that is due, in the order in which it became due."""
        due: list[tuple[datetime, int, Bell | Waiter]] = [
            (bell.until, number, bell) for number, bell in enumerate(self.bells) if bell.until <= self.now
        ]
        for waiter in self.waiters:
            settings = self.queues[waiter.queue]
            if settings.forward_after is not None and settings.forward_to:
                at = waiter.joined + timedelta(seconds=settings.forward_after)
                if at <= self.now:
                    due.append((at, len(due) + len(self.bells), waiter))
        for _, _, what in sorted(due, key=lambda entry: entry[:2]):
            if isinstance(what, Bell):
                if what in self.bells:
                    self.stop(what, Withdrawal.NO_ANSWER)
            elif not what.held:
                self.forward(what, self.queues[what.queue].forward_to, Forwarding.TIMER)
        for person in self.people.values():
            if person.wrap_until is not None and person.wrap_until <= self.now:
                person.wrap_until = None
            if person.rest_until is not None and person.rest_until <= self.now:
                person.rest_until = None
        for waiter in list(self.waiters):
            targets = self.queues[waiter.queue].when_no_agents
            if targets and not waiter.held and not self.logged_on(waiter.queue):
                self.forward(waiter, targets, Forwarding.NO_AGENTS)

    # What follows

    def offers(self, made: list[Offer]) -> None:
        """Check the offers that the engine made, one by one."""
        made = list(made)
        while (found := self.next_caller()) is not None:
            waiter, allowed, together = found
            settings = self.queues[waiter.queue]
            agents = [offer.agent for offer in made[: len(together) or 1]]
            if together:
                assert agents == together, f"{waiter.call} should ring at {together} at once, not at {agents}"
            else:
                assert agents, f"{waiter.call} should be offered to one of {allowed}"
                assert agents[0] in allowed, f"{waiter.call} should be offered to one of {allowed}, not to {agents[0]}"
            for _ in agents:
                offer = made.pop(0)
                assert offer.call == waiter.call, f"{waiter.call} should go before {offer.call}"
                assert offer.queue == waiter.queue
                assert offer.emergency == settings.emergency
                self.ring(waiter, offer)
        assert not made, f"nobody should be offered {made[0].call}, not even {made[0].agent}"

    def ring(self, waiter: Waiter, offer: Offer) -> None:
        queue, agent = waiter.queue, offer.agent
        seconds = self.overrides(queue, agent).ring_timeout
        seconds = self.queues[queue].ring_timeout if seconds is None else seconds
        assert offer.ring_for == seconds
        self.bells.append(Bell(offer.offer, waiter, agent, self.now + timedelta(seconds=seconds)))
        if agent in waiter.tried:
            waiter.tried.clear()  # everybody else had their turn: the next cycle
        waiter.tried.add(agent)
        waiter.last_tried = agent
        self.logons[queue, agent].offered = self.now
        self.turn[queue] = agent, True

    def next_caller(self) -> tuple[Waiter, list[str], list[str]] | None:
        """Who is offered now, to one of whom, or (ring-all) to whom together."""
        wishes = {}
        for agent in self.people:
            mine = [waiter for waiter in self.firsts() if self.may_ring(waiter, agent)]
            if mine:
                wishes[agent] = min(mine, key=lambda waiter: self.urgency(waiter, agent))
        if not wishes:
            return None
        keenest = min(wishes, key=lambda agent: self.urgency(wishes[agent], agent))
        waiter = wishes[keenest]
        willing = [agent for agent in self.candidates(waiter.queue) if wishes.get(agent) is waiter]
        return self.choose(waiter, willing)

    def choose(self, waiter: Waiter, willing: list[str]) -> tuple[Waiter, list[str], list[str]]:
        queue = waiter.queue
        strategy = self.queues[queue].strategy
        fresh = [agent for agent in willing if agent not in waiter.tried]
        if strategy is Strategy.RING_ALL:
            room = 15 - len(self.bells_for(waiter))
            return waiter, [], (fresh or willing)[:room]
        others = [agent for agent in willing if agent != waiter.last_tried]
        left = fresh or others or willing
        return waiter, left if strategy is Strategy.RANDOM else left[:1], []

    def candidates(self, queue: str) -> list[str]:
        """Everybody available, in the order of the strategy."""
        agents = [agent for agent in self.by_rank(queue) if self.available(agent, queue)]
        logons = {agent: self.logons[queue, agent] for agent in agents}
        match self.queues[queue].strategy:
            case Strategy.LONGEST_IDLE:
                agents.sort(key=lambda agent: logons[agent].idle_since)
            case Strategy.FEWEST_CALLS:
                agents.sort(key=lambda agent: (logons[agent].answered, logons[agent].idle_since))
            case Strategy.LEAST_TALK_TIME:
                agents.sort(key=lambda agent: (logons[agent].talked, logons[agent].idle_since))
            case Strategy.ROUND_ROBIN | Strategy.LINEAR_REMEMBERING if (turn := self.turn[queue]) is not None:
                everybody = self.by_rank(queue)
                start = everybody.index(turn[0])
                if not turn[1] or self.queues[queue].strategy is Strategy.ROUND_ROBIN:
                    start += 1
                round_ = everybody[start:] + everybody[:start]
                agents = [agent for agent in round_ if agent in agents]
            case _:
                pass
        return agents

    def available(self, agent: str, queue: str) -> bool:
        person = self.people[agent]
        calls = person.others + sum(1 for pair in self.pairs.values() if pair.agent == agent)
        most = 2 if self.queues[queue].offer_second_call and person.limit == 1 else person.limit
        return (
            (queue, agent) in self.logons
            and all(bell.agent != agent for bell in self.bells)
            and person.reachable
            and person.wrap_until is None
            and person.rest_until is None
            and calls < most
        )

    def firsts(self) -> Iterator[Waiter]:
        """Of each queue the first who can be offered."""
        for queue, settings in self.queues.items():
            for waiter in self.in_queue(queue):
                rings = bool(self.bells_for(waiter))
                if not waiter.held and (not rings or settings.strategy is Strategy.RING_ALL):
                    yield waiter
                    break

    def may_ring(self, waiter: Waiter, agent: str) -> bool:
        if not self.available(agent, waiter.queue):
            return False
        bells = self.bells_for(waiter)
        return not bells or (agent not in waiter.tried and len(bells) < 15)

    def urgency(self, waiter: Waiter, agent: str) -> tuple[bool, int, datetime, int]:
        settings, own = self.queues[waiter.queue], self.overrides(waiter.queue, agent).weight
        return not settings.emergency, -(settings.weight if own is None else own), waiter.joined, waiter.number

    # Looking and small changes

    def person(self, agent: str) -> Person:
        return self.people.setdefault(agent, Person(limit=self.limits.get(agent, 1)))

    def by_rank(self, queue: str) -> list[str]:
        return [member.agent for member in self.queues[queue].members] + self.added[queue]

    def logged_on(self, queue: str) -> list[str]:
        return [agent for name, agent in self.logons if name == queue]

    def overrides(self, queue: str, agent: str) -> Overrides:
        members = self.queues[queue].members
        return next((member for member in members if member.agent == agent), Member(agent)).overrides

    def in_queue(self, queue: str) -> list[Waiter]:
        here = [waiter for waiter in self.waiters if waiter.queue == queue]
        return sorted(here, key=lambda waiter: (waiter.joined, waiter.number))

    def bells_for(self, waiter: Waiter) -> list[Bell]:
        return [bell for bell in self.bells if bell.waiter is waiter]

    def stop(self, bell: Bell, why: Withdrawal) -> None:
        self.bells.remove(bell)
        self.told.append(Withdraw(bell.offer, bell.waiter.call, bell.agent, why))

    def remove(self, waiter: Waiter, withdrawal: Withdrawal) -> None:
        for bell in self.bells_for(waiter):
            self.stop(bell, withdrawal)
        self.waiters.remove(waiter)

    def forward(self, waiter: Waiter, targets: tuple[str, ...], why: Forwarding) -> None:
        self.remove(waiter, Withdrawal.CALLER_GONE)
        waited = (self.now - waiter.joined).total_seconds()
        self.told.append(Forward(waiter.call, waiter.queue, targets, why, waited))
