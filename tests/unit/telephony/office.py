"""The switch on a model of Asterisk, as the stories of its races see it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fake_ari import PASSWORD, USERNAME
from model_asterisk import ModelAsterisk

from centrale.telephony.asterisk.switch import AsteriskSwitch
from centrale.telephony.switch import LegEvent, LegId, Listener, Presentation, ToPhone, ToTrunk

OUT = LegId("out-1")
SHOWN = Presentation("201", "Jansen")


class Office:
    """The switch on a model of Asterisk, and all that it told of each leg."""

    def __init__(self, asterisk: ModelAsterisk) -> None:
        self.asterisk = asterisk
        self.told: dict[LegId, list[LegEvent]] = {}
        self.ups = 0
        self.switch = AsteriskSwitch(asterisk.ari.url, USERNAME, PASSWORD)
        self.switch.on_arrival = lambda arrival: self.listener(arrival.leg)
        self.switch.on_up = self._up
        self._grown = asyncio.Condition()

    async def _up(self) -> None:
        async with self._grown:
            self.ups += 1
            self._grown.notify_all()

    def listener(self, leg: LegId) -> Listener:
        return self.told.setdefault(leg, []).append

    def calling(self, leg: LegId = OUT, caller: LegId | None = None) -> asyncio.Task[None]:
        """Ben's phone is called."""
        return asyncio.create_task(self.switch.dial(leg, ToPhone("ben"), SHOWN, self.listener(leg), caller))

    def dialling(self, leg: LegId = OUT) -> asyncio.Task[None]:
        """A number outside is called through a trunk."""
        target = ToTrunk("trunk-carrier", "+31201234567")
        return asyncio.create_task(self.switch.dial(leg, target, SHOWN, self.listener(leg)))

    async def heard(self) -> None:
        """Every event so far has been told: a response comes after them."""
        await self.switch.client.request("GET", "bridges")

    async def breaks_and_returns(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        before = self.ups
        await self.asterisk.breaks_off()
        meanwhile()
        async with asyncio.timeout(5), self._grown:
            await self._grown.wait_for(lambda: self.ups > before)

    def keeps(self) -> int:
        """How much is remembered of legs, bridges and playbacks."""
        agreement = self.switch._agreement
        return len(self.switch._legs) + len(agreement.bridges) + len(agreement.unwanted)
