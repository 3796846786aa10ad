"""What a caller hears who waits in a queue, and what they may press meanwhile (QUE-8..13, QUE-22)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from centrale.acd.announcements import BREAKOUT_KEY, Background, Heard, Play, SoundSettings, What, coming
from centrale.calls import Call
from centrale.calls.dialogue import Filled, Sound, Words
from centrale.calls.line import Place, Served
from centrale.calls.music import music_of
from centrale.routing.snapshot import ExtensionNumber
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

ONE_RING = 5.0
"""Seconds: in Europe a ring of one second and a pause of four (ETSI TR 101 041-2)."""

RINGS_AT_ONCE = 12
"""So many rings are given to the switch at a time; then the next ones."""

TURNS_FIRST = 4
"""Of the event loop, within which the phone of an agent who is free is dialled: Asterisk carries requests out one by
one, and the phone rings half a millisecond sooner when the caller's ring tone is asked for after it."""


@dataclass(slots=True)
class Waiting:
    """One caller's time in `queue`. `since`: they have waited since then, before a restart. `held`: no
    agent is offered the caller yet."""

    call: Call
    queue: ExtensionNumber
    place: Place
    sounds: SoundSettings
    introduction: Sound | Words | None
    language: str
    agent_free: bool
    since: datetime | None
    held: bool
    _breakable: bool = False
    _music: bool = False
    _began: datetime = field(init=False)
    _began_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._began, self._began_at = self.call.now(), asyncio.get_running_loop().time()

    def _now(self) -> datetime:
        """By what has passed in the event loop: the clock may jump, and nobody is to hear all news at once for that."""
        return self._began + timedelta(seconds=asyncio.get_running_loop().time() - self._began_at)

    async def over(self) -> Served | None:
        """Until an agent has answered, or the way leads elsewhere; None: the caller pressed the key that leads out.

        What played is stopped, and phones that rang ring no more, also when this is cancelled.
        """
        if self.place.is_over:  # nobody is answered who then hears the busy tone
            return await self.place.served()
        served = asyncio.create_task(self.place.served())
        tasks: list[asyncio.Task[Any]] = [served, asyncio.create_task(self._sound())]
        pressed = asyncio.create_task(self._pressed()) if self.sounds.breakout else None
        tasks += [pressed] if pressed else []
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not served.done():
                for task in tasks[1:]:
                    if task.done():
                        task.result()  # the caller has gone, or a fault of ours
                if not self.place.is_decided:
                    return None
            return await served  # also when the key was pressed in the moment in which somebody answered
        except asyncio.CancelledError:
            self.place.leave()  # before we clear up: everybody behind moves up at once (QUE-2)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def silence(self) -> None:
        """End the music for a caller who is not connected but led elsewhere."""
        if self._music:
            await self.call.platform.switch.stop_music(self.call.leg.id)

    async def _pressed(self) -> None:
        """Until the caller presses the key that leads out, at a moment at which it does."""
        while not (await self.call.leg.digit() == BREAKOUT_KEY and self._breakable):
            pass

    async def _sound(self) -> None:
        """One sound after the other; music or ring tone between them."""
        heard = Heard()
        if self.since is not None:
            heard = Heard.resumed(self.sounds, self.since, self._now())
        while True:
            offered = self.place.is_offered
            heard, sound = coming(self.sounds, heard, self._now(), agent_free=self.agent_free, offered=offered)
            self._breakable = sound.breakable
            self._hold(isinstance(sound, Play) and sound.holds)
            if isinstance(sound, Play):
                with suppress(SpeechUnavailable):  # the call goes on without words
                    await self._play(sound)
                self._music = False  # a sound ends it
                heard = heard.after(sound, self._now())
            else:
                await self._background(sound)

    def _hold(self, hold: bool) -> None:
        if hold != self.held:
            self.held = hold
            if hold:
                self.place.hold()
            else:
                self.place.release()

    async def _play(self, sound: Play) -> None:
        call = self.call
        self._music = False  # a sound ends it
        match sound.what:
            case What.RINGBACK:
                call.step("queue", "rings once before anything else")
                with suppress(TimeoutError):
                    async with asyncio.timeout(ONE_RING):
                        await self._ring_tone()
            case What.INTRODUCTION:
                assert self.introduction is not None
                await call.hear(self.introduction)
            case What.INFOTAINMENT:
                await call.play(sound.file or "")
            case What.ANNOUNCEMENT:
                await self._announce(sound)

    async def _announce(self, sound: Play) -> None:
        if sound.position:
            position = self.place.position
            values = {} if position == 1 else {"position": position}
            prompt = Prompt.QUEUE_FIRST_IN_LINE if position == 1 else Prompt.QUEUE_POSITION
            await self.call.hear(Filled(prompt, values, self.language))
        if sound.expected_wait:
            minutes = max(1, round(self.place.expected_wait / 60))
            values = {} if minutes == 1 else {"minutes": minutes}
            prompt = Prompt.QUEUE_WAIT_SHORT if minutes == 1 else Prompt.QUEUE_WAIT
            await self.call.hear(Filled(prompt, values, self.language))

    async def _background(self, background: Background) -> None:
        """Music or ring tone until its end, or until something happened that may bring another sound."""
        if self.sounds.breakout or background.music:
            await self.call.answer()  # who pays for the music may also press keys
        if background.music:
            if not self._music:
                self._music = True
                await self.call.platform.switch.start_music(
                    self.call.leg.id, music_of(self.call.account_id, self.queue)
                )
            await self._until(background.until, self._nothing())
        else:
            await self._until(background.until, self._ring_tone())

    async def _until(self, moment: datetime | None, background: Coroutine[Any, Any, None]) -> None:
        left = None if moment is None else max(0.0, (moment - self._now()).total_seconds())
        sounding = asyncio.create_task(background)
        changed = asyncio.create_task(self.place.changed())
        try:
            await asyncio.wait({sounding, changed}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if sounding.done():
                sounding.result()
        finally:
            for task in (sounding, changed):
                task.cancel()
            await asyncio.gather(sounding, changed, return_exceptions=True)

    async def _nothing(self) -> None:
        """The switch plays the music by itself."""
        await asyncio.Event().wait()

    async def _ring_tone(self) -> None:
        """Until cancelled: the network's own ringing, or, for who has been answered, the sound of it."""
        if not self.call.leg.answered:
            for _ in range(TURNS_FIRST):
                await asyncio.sleep(0)
            await self.call.leg.ring()
            await asyncio.Event().wait()
        try:
            ring = str(await self.call.platform.prompts.ring_tone())
        except SpeechUnavailable as problem:
            self.call.step("queue", f"no ring tone: {problem}")
            await asyncio.Event().wait()
            return
        while await self.call.leg.play([ring] * RINGS_AT_ONCE):
            pass
