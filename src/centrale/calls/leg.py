"""One party's connection, as the rest of a call sees it: something to await."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from centrale.telephony.switch import (
    Answered,
    Cause,
    Digit,
    EarlyMedia,
    Gone,
    LegEvent,
    LegGone,
    LegId,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
    Ringing,
    Switch,
)

GONE_WITHIN = 5.0
"""Seconds in which a leg's `Gone` follows a verb that found it gone."""


T = TypeVar("T")


def new_id(prefix: str) -> str:
    """A random identifier that the switch may use as well: `leg-3f9c…`."""
    return f"{prefix}-{secrets.token_hex(8)}"


class Leg:
    """A connection with `party` (how people name it: `201 on DEMOEC01`, `+31612345678 by carrier`).

    `on_progress` is called, without awaiting, at each event but digits and playbacks; `ring` watches several legs
    with it at the price of no task at all.
    """

    def __init__(self, switch: Switch, leg_id: LegId, party: str) -> None:
        self.id = leg_id
        self.party = party
        self.answered = False
        self.gone: Gone | None = None
        self.on_progress: Callable[[Leg, LegEvent], None] | None = None
        self.on_gone: Callable[[], object] | None = None
        self._switch = switch
        self._end: asyncio.Future[Gone] | None = None
        self._digits: deque[str] = deque()
        self._digit_waiter: asyncio.Future[None] | None = None
        self._late_hash_until = 0.0
        self._playbacks: dict[PlaybackId, asyncio.Future[bool | None]] = {}
        """Is done with: played to its end, or no such file; None when the party has gone."""

        self._recordings: dict[RecordingId, asyncio.Future[bool]] = {}

    def deliver(self, event: LegEvent) -> None:
        """Take an event from the switch (the leg's `Listener`)."""
        match event:
            case Digit(digit):
                if not self._is_late_hash(digit):
                    self._digits.append(digit)
                    self._wake()
                return
            case PlaybackEnded(playback, failed):
                waiter = self._playbacks.pop(playback, None)
                if waiter is not None and not waiter.done():
                    waiter.set_result(not failed)
                return
            case RecordingEnded(recording, failed):
                told = self._recordings.pop(recording, None)
                if told is not None and not told.done():
                    told.set_result(not failed)
                return
            case Answered():
                self.answered = True
            case Gone():
                if self.gone is not None:
                    return
                self._ended(event)
            case Ringing() | EarlyMedia():
                pass
        if self.on_progress is not None:
            self.on_progress(self, event)

    def _ended(self, gone: Gone) -> None:
        self.gone = gone
        if self._end is not None and not self._end.done():
            self._end.set_result(gone)
        for waiter in self._playbacks.values():
            if not waiter.done():
                waiter.set_result(None)
        for told in self._recordings.values():
            if not told.done():
                told.set_result(True)  # whatever was said until then
        self._wake()
        if self.on_gone is not None:
            self.on_gone()

    def _wake(self) -> None:
        if self._digit_waiter is not None and not self._digit_waiter.done():
            self._digit_waiter.set_result(None)

    async def ended(self) -> Gone:
        """Wait until this party has gone; says why."""
        if self.gone is not None:
            return self.gone
        if self._end is None:
            self._end = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._end)

    async def answer(self) -> None:
        """Answer this party's call to us; once is enough."""
        if not self.answered:
            await self._told_why(self._switch.answer(self.id))
            self.answered = True

    async def ring(self) -> None:
        """Let this party, who called us, hear that it rings."""
        await self._told_why(self._switch.ring(self.id))

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End this leg; harmless when it has ended."""
        if self.gone is None:
            await self._switch.hang_up(self.id, cause)

    async def play(self, sounds: Sequence[str]) -> bool:
        """Play sound files to this party and return at their end; cancelling stops them. False: there is no such file.

        Raises:
            LegGone: the party hung up.
        """
        if self.gone is not None:
            raise LegGone(self.party)
        if not sounds:
            return True
        playback = PlaybackId(new_id("play"))
        ended: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        self._playbacks[playback] = ended
        try:
            await self._told_why(self._switch.play(self.id, playback, sounds))
            played = await ended
        finally:
            self._playbacks.pop(playback, None)
            cut_short = ended.cancelled() or not ended.done()  # whoever awaits a future and is cancelled cancels it too
            if cut_short and self.gone is None:
                await self._switch.stop_playback(playback)
        if played is None:
            raise LegGone(self.party)
        return played

    async def record(
        self,
        recording: RecordingId,
        *,
        longest: float,
        silence: float,
        unfinished: bool = False,
        outlives_us: bool = False,
    ) -> bool:
        """Record what this party says, until `#`, `longest` seconds, `silence` seconds without a sound, or its end.

        Cancelling stops the recording, unless it `outlives_us`: then a later process goes on with it. True when there
        is a file (`Switch.recorded`), also after the party hung up. `unfinished`: this recording was begun by an
        earlier process of ours; go on with it if it goes on.

        Raises:
            LegGone: the party had hung up before.
        """
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._recordings[recording] = told
        try:
            if not unfinished:
                await self._told_why(self._switch.record(self.id, recording, longest=longest, silence=silence))
            elif not await self._told_why(self._switch.goes_on_recording(self.id, recording)):
                return True
            return await asyncio.shield(told)
        finally:
            self._recordings.pop(recording, None)
            if not told.done() and self.gone is None and not outlives_us:
                await self._switch.stop_recording(recording)

    async def _told_why(self, verb: Awaitable[T]) -> T:
        """Do `verb`. *It is gone* may overtake the leg's own `Gone`, which says why: wait for that first."""
        try:
            return await verb
        except LegGone:
            with suppress(TimeoutError):
                async with asyncio.timeout(GONE_WITHIN):
                    await self.ended()
            raise

    async def digit(self) -> str:
        """The next key pressed, those pressed earlier first.

        Raises:
            LegGone: the party hung up.
        """
        while not self._digits:
            if self.gone is not None:
                raise LegGone(self.party)
            self._digit_waiter = asyncio.get_running_loop().create_future()
            try:
                await self._digit_waiter
            finally:
                self._digit_waiter = None
        return self._digits.popleft()

    @property
    def awaits_digit(self) -> bool:
        """Does someone wait for this party's next key?"""
        return self._digit_waiter is not None

    def entry_is_complete(self, *, grace: float) -> None:
        """An entry ended by its length. A `#` that follows within `grace` seconds belongs to it: people press it as
        they were asked to, and it is no answer to the next question."""
        if not self._digits:
            self._late_hash_until = asyncio.get_running_loop().time() + grace
        elif self._digits[0] == "#":
            self._digits.popleft()

    def _is_late_hash(self, digit: str) -> bool:
        until, self._late_hash_until = self._late_hash_until, 0.0
        return digit == "#" and asyncio.get_running_loop().time() < until

    def forget_digits(self) -> None:
        """Drop keys pressed before a question was put."""
        self._digits.clear()
