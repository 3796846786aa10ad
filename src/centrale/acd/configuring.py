"""A new picture of the account: what of it differs, and what follows for callers, agents and phones that ring."""

from __future__ import annotations

from centrale.acd.floor import Floor
from centrale.acd.instructions import Forwarding, Refusal, Refuse, Withdrawal
from centrale.acd.picture import AgentId, Picture, QueueSettings
from centrale.acd.state import Queue


def configure(floor: Floor, picture: Picture) -> None:
    """Make the floor as the picture has it. Talks go on, whatever becomes of their queue."""
    for name in [name for name in floor.queues if name not in picture.queues]:
        _close(floor, floor.queues.pop(name))
    for name, settings in picture.queues.items():
        queue = floor.queues.get(name)
        if queue is None:
            queue = floor.queues[name] = Queue(settings)
        elif queue.settings == settings:
            continue
        _apply(floor, queue, settings)
    _limit(floor, picture)


def _close(floor: Floor, queue: Queue) -> None:
    settings = queue.settings
    for _, _, caller in list(queue.waiting):
        if settings.forward_to:
            floor.forward(caller, settings.forward_to, Forwarding.QUEUE_GONE)
        else:
            floor.leave(caller, Withdrawal.QUEUE_GONE)
            floor.out.append(Refuse(caller.call, settings.queue, Refusal.QUEUE_GONE))
            floor.about_callers.note(caller.call, floor.now, "queue {0} was deleted", settings.queue)
    for member in list(queue.members.values()):
        floor.expel(member, Withdrawal.QUEUE_GONE)


def _apply(floor: Floor, queue: Queue, settings: QueueSettings) -> None:
    wanted = {member.agent: (rank, member.overrides) for rank, member in enumerate(settings.members)}
    turn = _turn(queue, {agent: rank for agent, (rank, _) in wanted.items()})
    for member in list(queue.members.values()):
        if member.invited and member.agent.id not in wanted:
            floor.expel(member, Withdrawal.LOGGED_OFF)
    queue.clear_available()  # every rank, and what agents are sorted by, may be another one
    queue.apply(settings)
    queue.last_rank = turn
    for id, (rank, overrides) in wanted.items():
        known = queue.members.get(id)
        if known is None:
            floor.join(floor.agent(id), queue, rank, overrides)
        else:
            known.rank, known.overrides, known.invited = rank, overrides, True
    for member in queue.members.values():
        if member.session:
            member.agent.most = max(member.agent.most, floor.most_calls(member))
            member.agent.listed = True  # for all we know
            floor.refresh(member.agent)
    for _, _, caller in list(queue.waiting):
        floor.set_forward_timer(caller)
        floor.settle_ready(caller)
    if not queue.logged_on:
        floor.deserted[queue] = None


def _turn(queue: Queue, ranks: dict[AgentId, int]) -> float:
    """The new `last_rank`: that of the agent who was last offered a call, whatever it is now; if they are gone, just
    behind the one before them."""
    kept = [
        member
        for member in queue.members.values()
        if member.rank <= queue.last_rank and (member.agent.id in ranks or not member.invited)
    ]
    if not kept:
        return -1
    last = max(kept, key=lambda member: member.rank)
    rank = ranks.get(last.agent.id, last.rank)
    return rank if last.rank == queue.last_rank else rank + 0.5


def _limit(floor: Floor, picture: Picture) -> None:
    floor.limits = dict(picture.call_limits)
    for agent in list(floor.agents.values()):
        limit = floor.limits.get(agent.id, 1)
        if limit != agent.limit:
            agent.limit = limit
            agent.most = max(agent.most, limit)
            floor.refresh(agent)
