"""What the caller hears while others ring."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from centrale.calls.leg import Leg
from centrale.telephony.switch import EarlyMedia, LegEvent, LegGone

if TYPE_CHECKING:
    from centrale.calls.call import Call


class Ringback:
    """What the caller hears while others ring: the exchange's ringing, or the called side's own sound.

    The verbs towards the caller run beside the ringing; `settled` waits for them, so that none outlives it.
    """

    def __init__(self, call: Call, *, early_media: bool) -> None:
        self._call = call
        self._early_media = early_media
        self._rings = False
        self._acts: list[asyncio.Task[None]] = []

    def progress(self, leg: Leg, event: LegEvent) -> None:
        """An attempt rings or sends sound."""
        if isinstance(event, EarlyMedia) and self._early_media:
            self._act(self._call.connect(leg))
        elif not self._rings:
            self._rings = True
            self._act(self._call.leg.ring())

    async def settled(self) -> None:
        """Wait for what was begun. Somebody's hanging up meanwhile is no error: it comes as `Gone` by itself."""
        for result in await asyncio.gather(*self._acts, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, LegGone):
                raise result

    def _act(self, act: Coroutine[Any, Any, None]) -> None:
        self._acts.append(asyncio.create_task(act))
