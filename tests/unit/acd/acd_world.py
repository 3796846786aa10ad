"""The engine with the oracle beside it, and a watch on what must never be: whatever happens, happens to all three."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from acd_oracle import Oracle

from centrale.acd import (
    AnsweredEarlier,
    CallerHeld,
    CallerJoined,
    CallerLeft,
    CallerReleased,
    CallId,
    Configured,
    Connect,
    Engine,
    Event,
    Forward,
    Instruction,
    Leaving,
    LoggedOff,
    LoggedOn,
    Miss,
    Offer,
    OfferAnswered,
    OfferMissed,
    OtherCalls,
    Picture,
    QueueSettings,
    Reachable,
    Refuse,
    Strategy,
    TalkEnded,
    TimePassed,
    Withdraw,
    Withdrawal,
    WrapUpEnded,
)

COMPARED = 3
"""After each so many events the engine's whole picture is compared; what it decides, always."""
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Watch:
    """Knows instructions only, and what must never be (QUE-5)."""

    def __init__(self) -> None:
        self.ringing: dict[int, Offer] = {}
        self.answered: Counter[str] = Counter()
        self.gone: set[str] = set()

    def see(self, instruction: Instruction, queues: dict[str, QueueSettings]) -> None:
        match instruction:
            case Offer():
                assert instruction.call not in self.gone, "a caller who is gone is offered"
                others = [offer for offer in self.ringing.values() if offer.agent == instruction.agent]
                assert not others, "an agent is offered two calls at once"
                if any(offer.call == instruction.call for offer in self.ringing.values()):
                    assert queues[instruction.queue].strategy is Strategy.RING_ALL, "a caller is offered to two agents"
                self.ringing[instruction.offer] = instruction
            case Withdraw():
                if instruction.why is not Withdrawal.TOO_LATE:
                    offer = self.ringing.pop(instruction.offer)
                    assert (offer.call, offer.agent) == (instruction.call, instruction.agent)
            case Connect():
                offer = self.ringing.pop(instruction.offer)
                assert (offer.call, offer.agent) == (instruction.call, instruction.agent)
                self.answered[instruction.call] += 1
                assert self.answered[instruction.call] == 1, "a caller is answered twice"
                self.gone.add(instruction.call)
            case Forward() | Refuse():
                self.gone.add(instruction.call)
            case _:
                pass
        for call in self.gone:
            assert all(offer.call != call for offer in self.ringing.values()) or isinstance(instruction, Connect)


def same_instant(acts: list[Instruction]) -> list[Instruction]:
    """The ring timeout and the forward timer may end at once: then either may be why the phone stops ringing."""
    forwarded = {act.call for act in acts if isinstance(act, Forward)}
    return [
        replace(act, why=Withdrawal.CALLER_GONE)
        if isinstance(act, Withdraw) and act.call in forwarded and act.why is Withdrawal.NO_ANSWER
        else act
        for act in acts
    ]


class World:
    """One account in virtual time. `set_back`: how far its clock has been put back since."""

    def __init__(self, seed: int = 0) -> None:
        self.now = MORNING
        self.set_back = timedelta(0)
        self.engine = Engine(seed)
        self.oracle = Oracle(self.now)
        self.watch = Watch()
        self.picture = Picture()
        self.calls = 0
        self.events = 0
        self.seen: list[Instruction] = []

    def happens(self, event: Event, after: float = 0.0) -> list[Instruction]:
        self.now += timedelta(seconds=after)
        self.oracle.now = self.now
        self.oracle.told.clear()
        self._tell_oracle(event)
        self.oracle.time_passes()
        told = self.engine.handle(event, self.now - self.set_back)
        self.seen += told
        offers = [instruction for instruction in told if isinstance(instruction, Offer)]
        if isinstance(event, OfferMissed):  # nobody has to be told to stop ringing
            self.watch.ringing.pop(event.offer, None)
        for instruction in sorted(told, key=lambda instruction: isinstance(instruction, Offer)):
            self.watch.see(instruction, self.oracle.queues)
        acts = [act for act in told if isinstance(act, Withdraw | Connect | Forward | Refuse)]
        acts = [act for act in acts if not (isinstance(act, Withdraw) and act.why is Withdrawal.TOO_LATE)]
        assert Counter(same_instant(acts)) == Counter(same_instant(self.oracle.told))
        self.oracle.offers(offers)
        self.events += 1
        if self.events % COMPARED == 0:
            self.compare()
        return told

    def passes(self, seconds: float) -> None:
        """Time passes, and the engine is told at each instant at which it wants to be."""
        until = self.now + timedelta(seconds=seconds)
        while (due := self.due()) is not None and due <= until:
            self.happens(TimePassed(), max(0.0, (due - self.now).total_seconds()))
        self.happens(TimePassed(), (until - self.now).total_seconds())

    def due(self) -> datetime | None:
        due = self.engine.next_timer()
        return None if due is None else due + self.set_back

    def configure(self, picture: Picture) -> None:
        self.picture = picture
        self.happens(Configured(picture))

    def join(self, queue: str, *, held: bool = False, ago: float | None = None) -> CallId:
        self.calls += 1
        call = CallId(f"c{self.calls}")
        since = None if ago is None else self.now - self.set_back - timedelta(seconds=ago)
        self.happens(CallerJoined(call, queue, since, held))
        return call

    def offer_at(self, agent: str) -> Offer | None:
        return next((offer for offer in self.watch.ringing.values() if offer.agent == agent), None)

    def _tell_oracle(self, event: Event) -> None:
        oracle = self.oracle
        match event:
            case Configured():
                oracle.configured(event.picture)
            case CallerJoined():
                since = None if event.since is None else event.since + self.set_back
                oracle.joined(event.call, event.queue, since, event.held)
            case CallerLeft(how=Leaving.PICKED_UP):
                oracle.picked_up(event.call, event.by)
            case CallerLeft():
                oracle.left(event.call, Withdrawal.CALLER_GONE)
            case CallerHeld() | CallerReleased():
                oracle.hold(event.call, isinstance(event, CallerHeld))
            case LoggedOn():
                oracle.on(event.agent, event.queue, self.now)
            case LoggedOff():
                for queue in oracle.queues if event.queue is None else [event.queue]:
                    if (queue, event.agent) in oracle.logons:
                        oracle.off(queue, event.agent)
            case OtherCalls():
                oracle.person(event.agent).others = event.calls
            case Reachable():
                oracle.person(event.agent).reachable = event.reachable
                for bell in list(oracle.bells):
                    if bell.agent == event.agent and not event.reachable:
                        oracle.stop(bell, Withdrawal.UNREACHABLE)
            case OfferAnswered():
                oracle.answered(event.offer)
            case OfferMissed():
                oracle.missed(event.offer, event.how is not Miss.NO_ANSWER)
            case TalkEnded():
                oracle.ended(event.call)
            case WrapUpEnded():
                oracle.person(event.agent).wrap_until = None
            case TimePassed() | AnsweredEarlier():
                pass
            case _:
                raise AssertionError(f"the oracle does not know {event}")

    def compare(self) -> None:
        """The engine's own picture is the oracle's, to the last caller and counter."""
        engine, oracle = self.engine, self.oracle
        for queue in oracle.queues:
            mine = [(waiting.call, waiting.held, set(waiting.ringing)) for waiting in engine.waiting(queue)]
            theirs = [(w.call, w.held, {bell.agent for bell in oracle.bells_for(w)}) for w in oracle.in_queue(queue)]
            assert mine == theirs
            counted = {view.agent: (view.last_offered, view.answered, view.talked) for view in engine.agents(queue)}
            known = {
                agent: (logon.offered and logon.offered - self.set_back, logon.answered, logon.talked)
                for (name, agent), logon in oracle.logons.items()
                if name == queue
            }
            assert counted == known
            assert engine.queue(queue).available == len(oracle.candidates(queue))
