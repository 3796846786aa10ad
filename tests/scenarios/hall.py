"""A call centre: a queue 300 whose agents 201, 202, 203 sit at phones, and callers from outside."""

from __future__ import annotations

import asyncio
from typing import Any

from centrale.calls.record import Outcome
from centrale.queueing.happenings import Happening, What
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import now
from tests.scenarios.world import Company, World

MAIN = "+31201110300"
QUEUE = "300"


class Hall:
    """`ring_log`: whose phone began to ring when, as they are seen by `watch`."""

    def __init__(self, world: World, company: Company, carrier: SimulatedCarrier) -> None:
        self.world = world
        self.company = company
        self.carrier = carrier
        self.phones: dict[str, SimulatedPhone] = {}
        self._callers = 0

    @classmethod
    async def open(cls, world: World, company: Company, *agents: str, **settings: Any) -> Hall:
        """Every agent has a phone and is logged on to the queue."""
        carrier = await world.carrier("carrier", company)
        hall = cls(world, company, carrier)
        for agent in agents:
            await hall.employ(agent)
        await company.queue(QUEUE, "Support", *agents, **settings)
        company.number(MAIN, QUEUE)
        return hall

    async def employ(self, agent: str, phone: str | None = None, **settings: Any) -> SimulatedPhone:
        """A user with a phone."""
        self.company.user(agent, f"Agent {agent}", **settings)
        made = self.phones[agent] = await self.company.phone(phone or f"p{agent}", logged_on=agent)
        return made

    def arrange(self, **settings: Any) -> None:
        """Set the queue's settings anew, but for its members."""
        account = self.company.account
        members = [member.model_dump() for member in account.extensions[QUEUE].settings.members]
        self.company.extension(QUEUE, "queue", "Support", members=members, **settings)

    async def caller(self, dialled: str = MAIN) -> SimulatedCall:
        """Somebody calls in; the first from …01, the second from …02."""
        self._callers += 1
        return await self.carrier.calls(dialled, caller=f"+316000000{self._callers:02}")

    async def rings(self, agent: str, timeout: float = 60) -> SimulatedCall:
        """The next call at this agent's phone."""
        return await self.phones[agent].rings(timeout)

    async def rings_at(self, timeout: float = 60) -> tuple[str, SimulatedCall]:
        """The next call at anybody's phone."""
        waiting = {asyncio.create_task(phone.rings(timeout)): agent for agent, phone in self.phones.items()}
        done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        (task,) = done
        return waiting[task], task.result()

    async def nobody_rings(self, seconds: float) -> None:
        """For so long."""
        waiting = [asyncio.create_task(phone.rings(1e6)) for phone in self.phones.values()]
        done, others = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        assert not done, f"a phone rang at {now()}"
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def happened(self, *kinds: What) -> list[Happening]:
        """What was told of the queue, in order."""
        return [it for it in self.world.happened if not kinds or it.what in kinds]

    def seconds(self, happening: Happening) -> float:
        """Since the story began."""
        return round((happening.at - self.world.began).total_seconds(), 3)

    def record_of(self, caller: str) -> dict[str, Any]:
        """The record of the call from …`caller`."""
        (record,) = [record for record in self.world.records if record["caller"] == f"+316000000{caller}"]
        return record


ANSWERED, ABANDONED = Outcome.ANSWERED, Outcome.ABANDONED
