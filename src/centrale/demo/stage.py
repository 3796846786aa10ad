"""The phones of the demo: one for each person, and a carrier at the far end of the trunk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from centrale.accounts import demo
from centrale.demo.client import Client
from centrale.phones.baresip import BaresipPhone
from centrale.phones.baresip_config import BaresipAccount
from centrale.phones.phone import Phone, PhoneCall, PhoneError
from centrale.phones.tools import Toolbox
from centrale.phones.wire import WirePhone
from centrale.phones.wire_call import WireCall

TONES = {"201": 700, "202": 1000, "203": 1300, "204": 1600}
"""What each person speaks: a tone, in Hz."""
CARRIERS_TONE = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that a scene placed, as its record will know it."""

    called: str
    channel: str | None = None
    trunk: str | None = None


class Stage:
    """Phones that are switched on, and what is said about them. `tell` is called with each sentence as it happens."""

    def __init__(self, client: Client, toolbox: Toolbox, tell: Callable[[str], None]) -> None:
        self.client = client
        self.tell = tell
        self.placed: list[Placed] = []
        """Calls of this scene."""
        self.tones_heard = 0
        """How often in this scene sound was recognised at the other end."""
        self.channels = dict(zip(demo.PEOPLE, demo.channel_names(), strict=True))
        self._calls: list[PhoneCall] = []
        self._switched_on = AsyncExitStack()
        self._phones = {user: self._phone(toolbox, user) for user in demo.PEOPLE}
        self._carrier = WirePhone(
            "the carrier", (client.host, client.sip_port), port=client.trunk_port, tone=CARRIERS_TONE
        )

    def _phone(self, toolbox: Toolbox, user: str) -> BaresipPhone:
        channel = self.channels[user]
        account = BaresipAccount(
            channel, self.client.secrets.passwords[channel], server=self.client.host, port=self.client.sip_port
        )
        return BaresipPhone(toolbox, demo.PEOPLE[user], account, tone=TONES[user])

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for phone in self._phones.values():
                await stack.enter_async_context(phone)
            await stack.enter_async_context(self._carrier)
            await asyncio.gather(*(phone.register() for phone in self._phones.values()))
            self._switched_on = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._switched_on.aclose()

    def new_scene(self) -> None:
        """Forget the calls of the scene before."""
        self.placed, self.tones_heard = [], 0

    async def curtain(self) -> None:
        """End every call that a scene left behind."""
        calls, self._calls = self._calls, []
        for call in calls:
            with contextlib.suppress(PhoneError):
                await call.hang_up()

    # What scenes are made of ------------------------------------------------------------------------------------

    async def dials(self, user: str, number: str) -> PhoneCall:
        """This person dials."""
        call: PhoneCall = await self._phones[user].dials(number)
        self.placed.append(Placed(number, channel=self.channels[user]))
        return self._kept(call)

    async def rings(self, user: str) -> PhoneCall:
        """Wait until this person's phone rings, and say what it shows."""
        call: PhoneCall = await self._phones[user].rings()
        self.tell(f"{demo.PEOPLE[user]}'s phone rings and shows “{call.caller_name}” {call.caller_number}")
        return self._kept(call)

    async def outsider_calls(self, number: str, caller: str, name: str) -> PhoneCall:
        """Somebody outside calls one of our numbers; the carrier brings the call."""
        call: PhoneCall = await self._carrier.calls(number, caller=caller, name=name)
        self.placed.append(Placed(number, trunk=demo.TRUNK))
        return self._kept(call)

    async def carrier_rings(self) -> WireCall:
        """Wait until the carrier gets a call from us."""
        call = await self._carrier.rings()
        self._kept(call)
        return call

    async def hear_each_other(self, first: PhoneCall, speaker: str, second: PhoneCall, other: str) -> None:
        """Both sides speak, and each recognises the other's tone. `speaker` and `other`: whose calls these are."""
        await asyncio.gather(
            first.hears_tone(self._tone_of(other)),
            second.hears_tone(self._tone_of(speaker)),
        )
        self.tones_heard += 2
        self.tell(f"sound both ways: {self._speech_of(speaker)}, {self._speech_of(other)}; each heard by the other")

    def _kept(self, call: PhoneCall) -> PhoneCall:
        self._calls.append(call)
        return call

    def _device(self, who: str) -> Phone:
        return self._phones.get(who, self._carrier)

    def _tone_of(self, who: str) -> int:
        return self._device(who).tone

    def _speech_of(self, who: str) -> str:
        phone = self._device(who)
        return f"{phone.name} speaks a tone of {phone.tone} Hz"


OUTSIDE = "outside"
"""Whom `hear_each_other` calls the far end of the trunk."""
