"""A simulated switch at the other end of a wire, as Asterisk is: commands arrive in order, after a while.

A command that was sent takes effect even when nobody waits for its answer any more. That is what makes hanging up in
the middle of our own clean-up hard, and what the plain simulated switch, whose verbs act at once, cannot show.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from itertools import cycle
from typing import Any

from centrale.telephony.simulated import SimulatedCall, SimulatedSwitch
from centrale.telephony.switch import (
    BridgeId,
    Cause,
    LegEvent,
    LegId,
    Listener,
    PlaybackId,
    Presentation,
    SwitchError,
    Target,
)


class FarSwitch(SimulatedSwitch):
    """`delays`: seconds, used in turn, that a command takes to arrive, its answer to come back, an event to come.

    Events come in order; an answer may overtake the event that explains it.
    """

    def __init__(self, delays: Sequence[float]) -> None:
        super().__init__()
        self._delays = cycle(delays)
        self._last_sent = 0.0
        self._last_told = 0.0

    def arrive(self, call: SimulatedCall, endpoint: str, *, from_trunk: bool) -> None:
        super().arrive(call, endpoint, from_trunk=from_trunk)
        assert call.leg.listener is not None
        call.leg.listener = self._told(call.leg.listener)

    def _told(self, listener: Listener) -> Listener:
        def later(event: LegEvent) -> None:
            loop = asyncio.get_running_loop()
            self._last_told = max(loop.time() + next(self._delays), self._last_told + 1e-6)
            loop.call_at(self._last_told, listener, event)

        return later

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        await self._sent(super().dial, leg, target, presentation, self._told(listener), caller)

    async def ring(self, leg: LegId) -> None:
        await self._sent(super().ring, leg)

    async def answer(self, leg: LegId) -> None:
        await self._sent(super().answer, leg)

    async def hang_up(self, leg: LegId, cause: Cause = Cause.NORMAL) -> None:
        await self._sent(super().hang_up, leg, cause)

    async def connect(self, bridge: BridgeId, legs: Sequence[LegId], *, hear_keys: bool = False) -> None:
        await self._sent(super().connect, bridge, legs)

    async def dissolve(self, bridge: BridgeId) -> None:
        await self._sent(super().dissolve, bridge)

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        await self._sent(super().play, leg, playback, sounds)

    async def stop_playback(self, playback: PlaybackId) -> None:
        await self._sent(super().stop_playback, playback)

    async def _sent(self, act: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()
        # A hair later than the last one: commands do not overtake one another.
        self._last_sent = max(loop.time() + next(self._delays), self._last_sent + 1e-6)
        loop.call_at(self._last_sent, self._takes_effect, act, args, answer)
        await answer

    def _takes_effect(
        self, act: Callable[..., Coroutine[Any, Any, None]], args: tuple[Any, ...], answer: asyncio.Future[None]
    ) -> None:
        problem: SwitchError | None = None
        try:
            act(*args).send(None)
        except StopIteration:
            pass  # the verbs of the simulated switch never wait
        except SwitchError as error:
            problem = error
        asyncio.get_running_loop().call_later(next(self._delays), _tell, answer, problem)


def _tell(answer: asyncio.Future[None], problem: SwitchError | None) -> None:
    if answer.done():
        return  # nobody waits for it any more
    if problem is None:
        answer.set_result(None)
    else:
        answer.set_exception(problem)
