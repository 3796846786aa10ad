"""Accounts by chance: queues with all their options, and changes of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from centrale.acd import Member, Overrides, Picture, QueueSettings, Strategy

AGENTS = ("201", "202", "203", "204")
QUEUES = ("300", "301", "302")


def some_queue(dice: Random, name: str) -> QueueSettings:
    members = [Member(agent, some_overrides(dice)) for agent in dice.sample(AGENTS, dice.randint(0, 4))]
    return QueueSettings(
        name,
        tuple(members),
        dice.choice(list(Strategy)),
        call_limit=dice.choice([None, None, 1, 3]),
        emergency=dice.random() < 0.15,
        weight=dice.choice([0, 0, 5, 50]),
        ring_timeout=dice.choice([3.0, 7.0, 11.0]),
        wrap_up=dice.choice([0.0, 3.0, 10.0]),
        offer_second_call=dice.random() < 0.2,
        forward_to=dice.choice([(), ("205",), ("205", "+31612345678")]),
        forward_after=dice.choice([None, 20.37, 45.37]),
        when_no_agents=dice.choice([(), (), ("206",)]),
    )


def some_overrides(dice: Random) -> Overrides:
    if dice.random() < 0.7:
        return Overrides()
    return Overrides(dice.choice([None, 0.0, 4.0]), dice.choice([None, 5.0]), dice.choice([None, 3, 90]))


def some_picture(dice: Random) -> Picture:
    queues = {name: some_queue(dice, name) for name in QUEUES if dice.random() < 0.9}
    return Picture(queues, {"204": 3} if dice.random() < 0.5 else {})


def changed(dice: Random, picture: Picture) -> Picture:
    """One thing is different: a queue is there or not, its settings, or the order and number of its members."""
    queues = dict(picture.queues)
    name = dice.choice(QUEUES)
    known = queues.get(name)
    if known is None:
        queues[name] = some_queue(dice, name)
    elif dice.random() < 0.2:
        del queues[name]
    elif dice.random() < 0.5:
        members = list(known.members)
        dice.shuffle(members)
        queues[name] = replace(known, members=tuple(members[: dice.randint(0, len(members))]))
    else:
        queues[name] = replace(some_queue(dice, name), members=known.members)
    return Picture(queues, picture.call_limits)
