"""Takes what a switch tells, for the stories of the contract."""

from __future__ import annotations

import asyncio
from typing import Any

from centrale.telephony.switch import Arrival, Gone, LegEvent, LegId, Listener, Switch


class Desk:
    """Takes what the switch tells: arrivals, and each leg's events in order."""

    def __init__(self, switch: Switch) -> None:
        self.arrivals: asyncio.Queue[Arrival] = asyncio.Queue()
        self.events: dict[LegId, asyncio.Queue[LegEvent]] = {}
        self.told: dict[LegId, list[LegEvent]] = {}
        switch.on_arrival = self.take

    def take(self, arrival: Arrival) -> Listener:
        self.arrivals.put_nowait(arrival)
        return self.listener(arrival.leg)

    def listener(self, leg: LegId) -> Listener:
        queue, told = self.events.setdefault(leg, asyncio.Queue()), self.told.setdefault(leg, [])

        def listen(event: LegEvent) -> None:
            told.append(event)
            queue.put_nowait(event)

        return listen

    def nothing_follows_gone(self) -> bool:
        """Was each leg told of its end once at most, and of nothing afterwards?"""
        return not any(isinstance(event, Gone) for told in self.told.values() for event in told[:-1])

    async def arrival(self) -> Arrival:
        async with asyncio.timeout(10):
            return await self.arrivals.get()

    async def event(self, leg: LegId, *kinds: type[LegEvent], within: float = 10) -> Any:
        """The leg's next event of one of these kinds; others before it are passed over."""
        async with asyncio.timeout(within):
            while True:
                event = await self.events[leg].get()
                if isinstance(event, kinds):
                    return event
