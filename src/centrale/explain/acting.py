"""The caller of a dry run, who answers the exchange's questions as was assumed."""

from __future__ import annotations

import asyncio
from pathlib import Path, PurePath

from centrale.calls.call import Call
from centrale.explain.assumptions import Assumptions, Said
from centrale.explain.stage import Stage
from centrale.telephony.simulated import SimulatedCall
from centrale.voice.silent import SilentPrompts

A_DAY = 86_400.0
"""Seconds; every dry run is over long before."""


class Caller:
    """Presses keys, one entry for each question. A question is a sound that was heard out while keys are awaited."""

    def __init__(
        self, stage: Stage, made: SimulatedCall, call: Call, given: Assumptions, prompts: SilentPrompts
    ) -> None:
        self._stage = stage
        self._made = made
        self._call = call
        self._given = given
        self._prompts = prompts
        self._plays_heard = 0
        self._leaving: asyncio.Task[None] | None = None
        self.waits_for: str | None = None
        """The question at which there was nothing left to enter."""

    @property
    def heard(self) -> tuple[str, ...]:
        """All that was played to the caller until now: words, or the names of sound files."""
        return tuple(self._words(sound) for _, sound in self._made.heard)

    def lose_patience(self) -> None:
        """Nothing new is to be expected: hang up, unless it was said when."""
        if self._given.hang_up_after is None:
            self._call.step("patience", "the same phones have rung again and again: the caller gives up")
            self._leaving = asyncio.create_task(self._made.hang_up())

    async def act(self) -> None:
        """Answer one question after another, until the choices run out."""
        for entry in self._given.press:
            await self._question()
            self._plays_heard = self._plays
            await self._made.press(entry)
            if isinstance(entry, Said) and self._call.leg.awaits_digit and self._plays == self._plays_heard:
                await self._made.press("#")
        await self._question()
        self.waits_for = self.heard[-1]
        self._call.step("choices", "none is left" if self._given.press else "none was given", hears=self.waits_for)

    @property
    def _plays(self) -> int:
        return self._stage.plays[self._made.leg.id]

    async def _question(self) -> None:
        def asked() -> bool | None:
            heard_out = self._plays > self._plays_heard and not self._made.leg.playbacks
            return (heard_out and self._call.leg.awaits_digit) or None

        await self._made.happenings.until(asked, A_DAY, lambda: "no question was put")

    def _words(self, sound: str) -> str:
        try:
            return self._prompts.spoken(Path(sound))
        except KeyError:
            return PurePath(sound).name
