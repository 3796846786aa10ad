"""Random histories: whatever happens, the engine does what the oracle says, and nothing is left behind at the end."""

from __future__ import annotations

import os
from datetime import timedelta
from random import Random

import pytest
from acd_arrangements import AGENTS, QUEUES, changed, some_picture
from acd_world import World
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from centrale.acd import (
    CallerHeld,
    CallerLeft,
    CallerReleased,
    Connect,
    Forward,
    Leaving,
    LoggedOff,
    LoggedOn,
    Miss,
    Offer,
    OfferAnswered,
    OfferMissed,
    OtherCalls,
    Picture,
    Reachable,
    Refuse,
    TalkEnded,
    TimePassed,
    Withdrawal,
    WrapUpEnded,
)

HISTORIES = 1_000
STEPS = 40
PAUSES = (0.0, 0.0, 0.5, 1.0, 2.5, 5.0, 31.0)


class Life(World):
    """What can happen to an account. Each takes a number or a name, and does nothing where it does not apply."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.left: set[str] = set()
        """Callers who went of their own accord."""

    def join_queue(self, queue: str, held: bool) -> None:
        self.join(queue, held=held)

    def come_back(self, queue: str, ago: float) -> None:
        """A caller who has been waiting since before a restart."""
        if queue in self.oracle.queues:
            self.join(queue, ago=ago)

    def leave(self, number: int, how: Leaving, by: str | None) -> None:
        """`by`: whoever picks them up, if it is a pickup."""
        if waiter := self._waiter(number):
            self.left.add(waiter)
            self.happens(CallerLeft(waiter, how, by if how is Leaving.PICKED_UP else None))

    def hold(self, number: int, held: bool) -> None:
        if waiter := self._waiter(number):
            self.happens(CallerHeld(waiter) if held else CallerReleased(waiter))

    def log_on(self, agent: str, queue: str) -> None:
        self.happens(LoggedOn(agent, queue))

    def log_off(self, agent: str, queue: str | None) -> None:
        self.happens(LoggedOff(agent, queue))

    def other_calls(self, agent: str, calls: int) -> None:
        self.happens(OtherCalls(agent, calls))

    def reach(self, agent: str, reachable: bool) -> None:
        self.happens(Reachable(agent, reachable))

    def answer(self, agent: str) -> None:
        if offer := self.offer_at(agent):
            self.happens(OfferAnswered(offer.offer))

    def answer_late(self, number: int) -> None:
        """A phone was lifted after it had stopped ringing."""
        offers = [told for told in self.seen if isinstance(told, Offer) and told.offer not in self.watch.ringing]
        if offers:
            late = offers[number % len(offers)]
            told = self.happens(OfferAnswered(late.offer))
            assert [getattr(act, "why", None) for act in told] == [Withdrawal.TOO_LATE]

    def miss(self, agent: str, how: Miss) -> None:
        if offer := self.offer_at(agent):
            self.happens(OfferMissed(offer.offer, how))

    def end_talk(self, number: int) -> None:
        if talks := sorted(self.oracle.pairs):
            self.happens(TalkEnded(talks[number % len(talks)]))

    def end_wrap_up(self, agent: str) -> None:
        self.happens(WrapUpEnded(agent))

    def pause(self, seconds: float) -> None:
        self.passes(seconds)

    def oversleep(self, seconds: float) -> None:
        """Nobody told the engine the time."""
        self.happens(TimePassed(), seconds)

    def put_clock_back(self, seconds: float) -> None:
        self.set_back += timedelta(seconds=seconds)
        self.happens(TimePassed())

    def rearrange(self, seed: int) -> None:
        self.configure(changed(Random(seed), self.picture))

    def _waiter(self, number: int) -> str | None:
        waiters = self.oracle.waiters
        return waiters[number % len(waiters)].call if waiters else None

    def comes_to_an_end(self) -> None:
        """From wherever it stands: if people do their work again, everybody is answered or sent on, and when they go
        home nothing is left (no starvation, nothing lost)."""
        for waiter in list(self.oracle.waiters):
            self.happens(CallerReleased(waiter.call))
        for call in list(self.oracle.pairs):
            self.happens(TalkEnded(call))
        for agent in AGENTS:
            self.happens(Reachable(agent, True))
            self.happens(OtherCalls(agent, 0))
            for queue in QUEUES:
                self.happens(LoggedOn(agent, queue))
        for _ in range(3 * len(self.oracle.waiters)):
            if not self.oracle.waiters:
                break
            for agent in AGENTS:
                self.answer(agent)
            for call in list(self.oracle.pairs):
                self.happens(TalkEnded(call))
            self.passes(20.0)
        self.compare()
        assert not self.oracle.waiters, "somebody was never answered"
        came = {f"c{number + 1}" for number in range(self.calls)}
        ended = {told.call for told in self.seen if isinstance(told, Connect | Forward | Refuse)} | self.left
        assert ended == came
        for agent in AGENTS:
            self.happens(LoggedOff(agent))
        self.configure(Picture())
        self.passes(400.0)
        floor = self.engine._floor
        left = floor.queues, floor.agents, floor.callers, floor.offers, floor.talks, self.watch.ringing
        assert not any(left)
        assert self.engine.next_timer() is None


def live(seed: int, steps: int = STEPS) -> None:
    """One history, by chance."""
    dice = Random(seed)
    life = Life(seed)
    life.configure(some_picture(dice))
    for agent in AGENTS:
        for queue in QUEUES:
            if dice.random() < 0.5:
                life.log_on(agent, queue)
    deeds = {
        lambda: life.join_queue(dice.choice(QUEUES), dice.random() < 0.2): 16,
        lambda: life.come_back(dice.choice(QUEUES), dice.choice((0.5, 10.0, 100.0))): 1,
        lambda: life.leave(dice.randrange(9), dice.choice(list(Leaving)), dice.choice((*AGENTS, None))): 4,
        lambda: life.hold(dice.randrange(9), dice.random() < 0.4): 5,
        lambda: life.log_on(dice.choice(AGENTS), dice.choice(QUEUES)): 5,
        lambda: life.log_off(dice.choice(AGENTS), dice.choice((*QUEUES, None))): 3,
        lambda: life.other_calls(dice.choice(AGENTS), dice.choice((0, 0, 1, 2))): 4,
        lambda: life.reach(dice.choice(AGENTS), dice.random() < 0.7): 2,
        lambda: life.answer(dice.choice(AGENTS)): 12,
        lambda: life.answer_late(dice.randrange(9)): 1,
        lambda: life.miss(dice.choice(AGENTS), dice.choice(list(Miss))): 6,
        lambda: life.end_talk(dice.randrange(9)): 8,
        lambda: life.end_wrap_up(dice.choice(AGENTS)): 2,
        lambda: life.pause(dice.choice(PAUSES)): 16,
        lambda: life.oversleep(dice.choice(PAUSES)): 2,
        lambda: life.put_clock_back(dice.choice((0.5, 60.0, 86_400.0))): 1,
        lambda: life.rearrange(dice.randrange(1_000_000)): 2,
    }
    for deed in dice.choices(list(deeds), list(deeds.values()), k=steps):
        deed()
    life.comes_to_an_end()


@pytest.mark.parametrize("part", range(8))
def test_random_histories_go_as_the_oracle_says(part: int) -> None:
    for seed in range(part, int(os.environ.get("ACD_HISTORIES", HISTORIES)), 8):
        try:
            live(seed)
        except AssertionError as wrong:
            raise AssertionError(f"history {seed}: {wrong}") from wrong


queues, agents, numbers = st.sampled_from(QUEUES), st.sampled_from(AGENTS), st.integers(0, 8)


class Lives(RuleBasedStateMachine):
    """The same, by hypothesis, which makes a history that goes wrong as short as it can."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    @initialize(seed=st.integers(0, 10_000), everybody=st.booleans())
    def begin(self, seed: int, everybody: bool) -> None:
        self.life.configure(some_picture(Random(seed)))
        for agent in AGENTS if everybody else AGENTS[:1]:
            for queue in QUEUES:
                self.life.log_on(agent, queue)

    @rule(queue=queues, held=st.booleans())
    def join(self, queue: str, held: bool) -> None:
        self.life.join_queue(queue, held)

    @rule(queue=queues, ago=st.sampled_from((0.5, 10.0)))
    def come_back(self, queue: str, ago: float) -> None:
        self.life.come_back(queue, ago)

    @precondition(lambda self: self.life.oracle.waiters)
    @rule(number=numbers, how=st.sampled_from(Leaving), by=st.none() | agents)
    def leave(self, number: int, how: Leaving, by: str | None) -> None:
        self.life.leave(number, how, by)

    @precondition(lambda self: self.life.oracle.waiters)
    @rule(number=numbers, held=st.booleans())
    def hold(self, number: int, held: bool) -> None:
        self.life.hold(number, held)

    @rule(agent=agents, queue=queues)
    def log_on(self, agent: str, queue: str) -> None:
        self.life.log_on(agent, queue)

    @rule(agent=agents, queue=st.none() | queues)
    def log_off(self, agent: str, queue: str | None) -> None:
        self.life.log_off(agent, queue)

    @rule(agent=agents, calls=st.integers(0, 2))
    def other_calls(self, agent: str, calls: int) -> None:
        self.life.other_calls(agent, calls)

    @rule(agent=agents, reachable=st.booleans())
    def reach(self, agent: str, reachable: bool) -> None:
        self.life.reach(agent, reachable)

    @precondition(lambda self: self.life.watch.ringing)
    @rule(agent=agents)
    def answer(self, agent: str) -> None:
        self.life.answer(agent)

    @precondition(lambda self: self.life.watch.ringing)
    @rule(agent=agents, how=st.sampled_from(Miss))
    def miss(self, agent: str, how: Miss) -> None:
        self.life.miss(agent, how)

    @precondition(lambda self: self.life.oracle.pairs)
    @rule(number=numbers)
    def end_talk(self, number: int) -> None:
        self.life.end_talk(number)

    @rule(agent=agents)
    def end_wrap_up(self, agent: str) -> None:
        self.life.end_wrap_up(agent)

    @rule(seconds=st.sampled_from(PAUSES))
    def pause(self, seconds: float) -> None:
        self.life.pause(seconds)

    @rule(seconds=st.sampled_from((0.5, 60.0)))
    def put_clock_back(self, seconds: float) -> None:
        self.life.put_clock_back(seconds)

    @rule(seed=st.integers(0, 10_000))
    def rearrange(self, seed: int) -> None:
        self.life.rearrange(seed)

    def teardown(self) -> None:
        self.life.comes_to_an_end()


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=50, stateful_step_count=25)
