"""Simulated phones and carriers: the verbs of `centrale.phones.phone`, in virtual time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from centrale.phones.happenings import Happenings
from centrale.phones.phone import CallEnd, CallEnded, PhoneError
from centrale.phones.sip import Headers
from centrale.telephony.sip_codes import CODE_OF_CAUSE, cause_of_code
from centrale.telephony.switch import Answered, Cause, EarlyMedia, Gone, Presentation

if TYPE_CHECKING:
    from centrale.telephony.simulated.leg import SimulatedLeg
    from centrale.telephony.simulated.switch import SimulatedSwitch


class SimulatedCall:
    """One call at a simulated phone.

    `heard`: each sound that was played to it, with the loop's time at which it began.
    """

    def __init__(self, phone: SimulatedPhone, presentation: Presentation | None, dialled: str) -> None:
        self.phone = phone
        self.presentation = presentation or Presentation()
        self.dialled = dialled
        self.heard: list[tuple[float, str]] = []
        self.digits = ""
        self.is_ringing = False
        self.is_answered = False
        self.early_media = False
        self.music: str | None = None
        """The playlist that is played to it now."""
        self.speaks_until = 0.0
        self.end: CallEnd | None = None
        self.leg: SimulatedLeg
        self.happenings = Happenings()

    @property
    def caller_number(self) -> str:
        return "anonymous" if self.presentation.withheld else self.presentation.number

    @property
    def caller_name(self) -> str:
        return "" if self.presentation.withheld else self.presentation.name

    @property
    def headers(self) -> Headers:
        """The headers by which the real switch would carry the same (Alert-Info, Diversion, P-Asserted-Identity)."""
        shown = self.presentation
        items = []
        if shown.ring_tone:
            items.append(("Alert-Info", f"<http://127.0.0.1>;info={shown.ring_tone}"))
        if shown.diverted_from:
            items.append(("Diversion", f"<sip:{shown.diverted_from}@127.0.0.1>"))
        if shown.number:
            items.append(("P-Asserted-Identity", f'"{shown.name}" <sip:{shown.number}@127.0.0.1>'))
        return Headers(items)

    async def ringing(self, timeout: float = 5) -> None:
        await self._until(lambda: self.is_ringing, timeout, "ringing on the other side")

    async def answered(self, timeout: float = 5) -> None:
        await self._until(lambda: self.is_answered, timeout, "being answered")

    async def ended(self, timeout: float = 5) -> CallEnd:
        return await self.happenings.until(
            lambda: self.end, timeout, lambda: f"{self.phone.name}: the call goes on instead of ending"
        )

    async def answer(self) -> None:
        if self.end is not None:
            raise CallEnded(self.phone.name, self.end, "answering")
        self.is_answered = True
        if self.leg.phone and not self.phone.switch.up():
            # As on Asterisk: nobody is there for the phone to talk to.
            self.released(Cause.FAILURE)
            self.phone.switch.left(self.leg)
            self.leg.tell(Gone(Cause.FAILURE))
        else:
            self.leg.answered = True
            self.leg.tell(Answered())
        await asyncio.sleep(0)

    async def decline(self, code: int = 486) -> None:
        self._finish(CallEnd(code, "declined"))
        self.phone.switch.left(self.leg)
        self.leg.tell(Gone(cause_of_code(code), code))

    async def hang_up(self) -> None:
        if self.end is not None:
            return
        self._finish(CallEnd(200 if self.is_answered else 487, "hung up"))
        self.phone.switch.left(self.leg)
        self.leg.tell(Gone(Cause.NORMAL))
        await asyncio.sleep(0)

    async def press(self, digits: str) -> None:
        for digit in digits:
            self.phone.switch.pressed(self.leg, digit)
            await asyncio.sleep(0.1)

    def hears_music(self, music: str | None) -> None:
        """The switch begins to play music."""
        self.music = music or "default"
        self.happenings.happened()

    def hears_music_no_more(self) -> None:
        """It stops."""
        self.music = None
        self.happenings.happened()

    def speaks(self, seconds: float) -> None:
        """Speak from now on, for a while."""
        self.speaks_until = asyncio.get_running_loop().time() + seconds
        self.leg.speaks()

    async def shows(self, number: str, name: str, within: float = 5) -> None:
        await self._until(
            lambda: (self.caller_number, self.caller_name) == (number, name), within, f"showing {name} {number}"
        )

    async def hears_tone(self, frequency: float, within: float = 5) -> None:
        def hears() -> bool:
            switch = self.phone.switch
            if self.music is not None and switch.music.get(self.music) == frequency and not self.leg.playbacks:
                return True
            return any(other.phone.tone == frequency for other in switch.heard_by(self.leg))

        await self._until(hears, within, f"hearing a tone of {frequency:g} Hz")

    async def hears_speech(self, within: float = 5) -> None:
        await self._until(lambda: bool(self.leg.playbacks or self.music), within, "hearing anything")

    async def hears(self, sound: str, within: float = 60) -> None:
        """Wait until a sound whose path contains `sound` has begun, ever since the call began."""
        await self._until(lambda: any(sound in path for _, path in self.heard), within, f"hearing {sound}")

    async def hears_silence(self, during: float = 1) -> None:
        await asyncio.sleep(during)
        if self.leg.playbacks or self.phone.switch.heard_by(self.leg) or self.music is not None:
            raise PhoneError(f"{self.phone.name} heard something where silence was due")

    async def hears_digits(self, digits: str, within: float = 5) -> None:
        await self._until(lambda: digits in self.digits, within, f"hearing the keys {digits}")

    def ring(self) -> None:
        """Say that it rings here."""
        self.leg.is_ringing()

    async def early(self) -> None:
        """Send sound before answering (a carrier's own announcement). A phone's is not heard: it rings."""
        if self.leg.phone:
            self.leg.is_ringing()
        else:
            self.early_media = True
            self.leg.tell(EarlyMedia())
        await asyncio.sleep(0)

    def released(self, cause: Cause) -> None:
        """The exchange ended this call."""
        code = 200 if self.is_answered else CODE_OF_CAUSE[cause]
        self._finish(CallEnd(code, cause, answered_elsewhere=cause is Cause.ANSWERED_ELSEWHERE))

    def _finish(self, end: CallEnd) -> None:
        self.end = self.end or end
        self.happenings.happened()

    async def _until(self, look: Callable[[], bool], timeout: float, what: str) -> None:
        def look_or_end() -> bool | CallEnd | None:
            return look() or self.end

        found = await self.happenings.until(look_or_end, timeout, lambda: f"{self.phone.name} waited for {what}")
        if isinstance(found, CallEnd):
            raise CallEnded(self.phone.name, found, what)


class SimulatedPhone:
    """A phone on a channel. `ring_delay`: seconds between the call's coming and its ringing. `says_ringing`: does it
    tell the exchange that it rings?"""

    def __init__(self, switch: SimulatedSwitch, name: str, channel: str, tone: int) -> None:
        self.switch = switch
        self.name = name
        self.channel = channel
        self.tone = tone
        self.ring_delay = 0.0
        self.says_ringing = True
        self.number = ""
        self._incoming: deque[SimulatedCall] = deque()
        self._happenings = Happenings()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.unregister()

    async def register(self) -> None:
        self.switch.phones[self.channel] = self

    async def unregister(self) -> None:
        if self.switch.phones.get(self.channel) is self:
            del self.switch.phones[self.channel]

    async def dials(self, number: str) -> SimulatedCall:
        call = SimulatedCall(self, None, number)
        self.switch.arrive(call, self.channel, from_trunk=False)
        await asyncio.sleep(0)
        return call

    async def rings(self, timeout: float = 5) -> SimulatedCall:
        return await self._happenings.until(
            lambda: self._incoming.popleft() if self._incoming else None, timeout, lambda: f"{self.name} did not ring"
        )

    def incoming(self, call: SimulatedCall) -> None:
        """The switch calls this phone."""
        asyncio.get_running_loop().call_later(self.ring_delay, self._ring, call)

    def _ring(self, call: SimulatedCall) -> None:
        if call.end is not None:
            return
        self._incoming.append(call)
        if self.says_ringing:
            call.leg.is_ringing()
        self._happenings.happened()


class SimulatedCarrier(SimulatedPhone):
    """The far side of a trunk. It rings for every number outside; `calls` comes in from outside."""

    async def register(self) -> None:
        self.switch.carriers[self.channel] = self

    async def unregister(self) -> None:
        if self.switch.carriers.get(self.channel) is self:
            del self.switch.carriers[self.channel]

    async def calls(
        self, number: str, *, caller: str = "", name: str = "", withheld: bool = False, diverted_from: str | None = None
    ) -> SimulatedCall:
        """Place a call from outside to `number`."""
        call = SimulatedCall(self, Presentation(caller, name, withheld, diverted_from), number)
        self.switch.arrive(call, self.channel, from_trunk=True)
        await asyncio.sleep(0)
        return call
