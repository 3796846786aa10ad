"""A queue in the words of the handbook: who joins, whose phone rings, who answers. All in virtual time, with the oracle
beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from acd_world import World

from centrale.acd import (
    CallId,
    LoggedOn,
    Member,
    Miss,
    OfferAnswered,
    OfferMissed,
    Picture,
    QueueSettings,
    Strategy,
    TalkEnded,
)


def queue(name: str = "300", *agents: str | Member, **settings: Any) -> QueueSettings:
    """A queue with these members; 201, 202 and 203 if none are named."""
    members = tuple(agent if isinstance(agent, Member) else Member(agent) for agent in agents or ("201", "202", "203"))
    settings.setdefault("strategy", Strategy.LINEAR)
    return QueueSettings(name, members, **settings)


class Company(World):
    """Queues in which every member is logged on."""

    def __init__(self, *queues: QueueSettings, logged_on: bool = True, **limits: int) -> None:
        super().__init__()
        self.arrange(*queues, **limits)
        if logged_on:
            for settings in queues:
                for member in settings.members:
                    self.happens(LoggedOn(member.agent, settings.queue))

    def arrange(self, *queues: QueueSettings, **limits: int) -> None:
        """These are the queues from now on; `a204=3`: the call limit of a forward extension."""
        names = {settings.queue: settings for settings in queues}
        self.configure(Picture(names, {name.removeprefix("a"): limit for name, limit in limits.items()}))

    def rings(self, call: CallId | None = None) -> list[str]:
        """Agents whose phones ring (for this caller), in the order in which they began."""
        offers = sorted(self.watch.ringing.values(), key=lambda offer: offer.offer)
        return [offer.agent for offer in offers if call is None or offer.call == call]

    def rung_in_turn(self, times: int, ring: float = 20.0) -> list[str]:
        """Who is rung one after the other, as nobody answers."""
        rung = []
        for _ in range(times):
            rung += self.rings()
            self.passes(ring)
        return rung

    def answer(self, agent: str) -> CallId:
        offer = self.offer_at(agent)
        assert offer is not None, f"{agent}'s phone does not ring"
        self.happens(OfferAnswered(offer.offer))
        return offer.call

    def miss(self, agent: str, how: Miss = Miss.DECLINED) -> None:
        offer = self.offer_at(agent)
        assert offer is not None, f"{agent}'s phone does not ring"
        self.happens(OfferMissed(offer.offer, how))

    def talk(self, agent: str, seconds: float) -> None:
        """The agent answers, talks, and hangs up."""
        call = self.answer(agent)
        self.passes(seconds)
        self.happens(TalkEnded(call))

    def told(self, kind: type, when: Callable[[Any], bool] = lambda told: True) -> list[Any]:
        """Instructions of a kind, from the beginning."""
        return [told for told in self.seen if isinstance(told, kind) and when(told)]
