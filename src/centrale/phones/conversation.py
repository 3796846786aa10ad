"""The half of a phone call that is the same for every real phone: waiting, the display, listening."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from centrale.phones.audio import Listener, SoundListener, ToneListener
from centrale.phones.dialog import Dialog
from centrale.phones.happenings import Happenings
from centrale.phones.phone import PATIENCE, CallEnd, CallEnded, PhoneError, WaitedInVain
from centrale.phones.sip import Headers


class Conversation(ABC):
    """A `PhoneCall` on a `Dialog`; what the phone does with it is for its subclass."""

    def __init__(self, phone: str, dialog: Dialog, happenings: Happenings) -> None:
        self.phone = phone
        self.dialog = dialog
        self.digits = ""
        """Keys that the other side has pressed so far."""
        self._happenings = happenings
        self._listeners: set[Listener] = set()

    @property
    def caller_number(self) -> str:
        return self.dialog.number

    @property
    def caller_name(self) -> str:
        return self.dialog.name

    @property
    def headers(self) -> Headers:
        return self.dialog.theirs

    @property
    def is_over(self) -> bool:
        return self.dialog.end is not None

    async def ringing(self, timeout: float = PATIENCE) -> None:
        await self._unless_ended(lambda: self.dialog.ringing, timeout, "ringing on the other side")

    async def answered(self, timeout: float = PATIENCE) -> None:
        await self._unless_ended(lambda: self.dialog.answered, timeout, "being answered")

    async def ended(self, timeout: float = PATIENCE) -> CallEnd:
        return await self._happenings.until(
            lambda: self.dialog.end, timeout, lambda: f"{self.phone}: the call goes on instead of ending"
        )

    async def shows(self, number: str, name: str, within: float = PATIENCE) -> None:
        await self._unless_ended(
            lambda: (self.caller_number, self.caller_name) == (number, name),
            within,
            f"showing {name} {number}",
            lambda: f"it shows {self.caller_name} {self.caller_number}",
        )

    async def hears_tone(self, frequency: float, within: float = PATIENCE) -> None:
        await self._hears(ToneListener(frequency), within, f"hearing a tone of {frequency:g} Hz")

    async def hears_speech(self, within: float = PATIENCE) -> None:
        await self._hears(SoundListener(), within, "hearing anything")

    async def hears_silence(self, during: float = 1) -> None:
        listener = SoundListener()
        try:
            await self._hears(listener, during, "hearing silence")
        except WaitedInVain:
            return
        raise PhoneError(f"{self.phone} heard {listener.impression()} where silence was due")

    async def falls_silent(self, during: float = 0.3, within: float = 20) -> None:
        """Wait until nothing was heard for `during` seconds: whoever spoke has finished, or was cut short."""
        try:
            async with asyncio.timeout(within):
                while True:
                    try:
                        await self._hears(SoundListener(windows=1), during, "hearing silence")
                    except WaitedInVain:
                        return
        except TimeoutError:
            raise WaitedInVain(f"{self.phone} waited {within:g} s in vain for silence") from None

    async def hears_digits(self, digits: str, within: float = PATIENCE) -> None:
        await self._unless_ended(
            lambda: digits in self.digits,
            within,
            f"hearing the keys {digits}",
            lambda: f'heard "{self.digits}"',
        )

    def hear(self, pcm: bytes, rate: int) -> None:
        """The phone's loudspeaker plays this piece of sound (16-bit little-endian mono)."""
        if not self._listeners:
            return
        for listener in self._listeners:
            listener.feed(pcm, rate)
        self._happenings.happened()

    @abstractmethod
    async def answer(self) -> None: ...

    @abstractmethod
    async def decline(self, code: int = 486) -> None: ...

    @abstractmethod
    async def hang_up(self) -> None: ...

    @abstractmethod
    async def press(self, digits: str) -> None: ...

    async def _hears(self, listener: Listener, within: float, what: str) -> None:
        self._listeners.add(listener)
        try:
            await self._unless_ended(lambda: listener.heard, within, what, listener.impression)
        finally:
            self._listeners.discard(listener)

    async def _unless_ended(
        self, look: Callable[[], bool], timeout: float, what: str, instead: Callable[[], str] = lambda: "nothing came"
    ) -> None:
        """Wait until `look` says so; the end of the call is a `CallEnded`."""

        def look_or_end() -> bool | None:
            return look() or (False if self.is_over else None)

        as_wished = await self._happenings.until(
            look_or_end, timeout, lambda: f"{self.phone} waited in vain for {what}: {instead()}"
        )
        if not as_wished and self.dialog.end is not None:
            raise CallEnded(self.phone, self.dialog.end, instead_of=what)
