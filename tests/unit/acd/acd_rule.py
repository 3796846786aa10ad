"""The rule of the queue engine a second time, slow and obvious: no index, no timers, everything looked at anew after
each event. Where chance decides (the random strategy) it says who may be chosen, and takes over what the engine chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from centrale.acd import (
    Forward,
    Forwarding,
    Member,
    Offer,
    Overrides,
    QueueSettings,
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


class Rule:
    """Who waits, who is there, and what follows from it."""

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
