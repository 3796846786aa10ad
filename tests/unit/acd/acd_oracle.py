"""What happens, as the oracle takes it: each event changes the plainest picture there is of an account."""

from __future__ import annotations

from datetime import datetime, timedelta

from acd_rule import REST, Bell, Logon, Pair, Rule, Waiter

from centrale.acd import (
    Connect,
    Forward,
    Forwarding,
    Picture,
    Refusal,
    Refuse,
    Withdrawal,
)


class Oracle(Rule):
    """Predicts every offer, connection, withdrawal, forward and refusal."""

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

    def picked_up(self, call: str, by: str | None) -> None:
        (waiter,) = [waiter for waiter in self.waiters if waiter.call == call] or [None]
        self.left(call, Withdrawal.ANSWERED_ELSEWHERE)
        logon = self.logons.get((waiter.queue, by)) if waiter and by else None
        if waiter and by and logon:
            logon.answered += 1
            settings = self.queues[waiter.queue]
            self.pairs[call] = Pair(by, settings, self.overrides(waiter.queue, by), logon, self.now)

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
