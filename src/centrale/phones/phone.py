"""A telephone as its user knows it: it registers, dials, rings, is answered, hears and presses keys.

Tests and `centrale demo` tell their stories with these verbs; the same story runs on real phones (baresip), on a
bare SIP endpoint, and on the simulated phones of virtual time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from centrale.phones.sip import Headers

PATIENCE = 15.0
"""Seconds that a real phone waits for what has to come, unless told otherwise: a busy machine is slow, and only a story
that fails waits so long. Virtual time needs no such allowance: there it is the 5 seconds of `PhoneCall`."""


class PhoneError(Exception):
    """Something went otherwise than the story says; the message tells which phone and what."""


class WaitedInVain(PhoneError, TimeoutError):
    """The phone did not ring, was not answered or did not hear within the time given."""


class PhoneDied(PhoneError):
    """The program behind the phone stopped; the message ends with the last lines that it wrote."""


class RegistrationRefused(PhoneError):
    """The exchange did not accept the registration (or did not answer: code 408)."""

    def __init__(self, phone: str, code: int, text: str) -> None:
        super().__init__(f"{phone} may not register: {code} {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class CallEnd:
    """How a call came to its end."""

    code: int
    """SIP status: 200 hung up after having been answered, 487 given up before, else the code of the refusal."""
    text: str
    """The words that came with it, such as "Busy Here"."""
    answered_elsewhere: bool = False
    """Another phone took the call, so this one shows no missed call (Reason header, RFC 3326: SIP 200 or Q.850 26)."""
    q850: int | None = None
    """The exchange's cause (ITU-T Q.850: 16 normal, 17 busy, 19 no answer …), if it told."""
    headers: Headers = field(default_factory=Headers, repr=False, compare=False)
    """Headers of the message that ended the call: CANCEL, BYE or refusal."""


class CallEnded(PhoneError):
    """The call ended while the story waited for something else."""

    def __init__(self, phone: str, end: CallEnd, instead_of: str) -> None:
        super().__init__(f"{phone}: the call ended ({end.code} {end.text}) instead of {instead_of}")
        self.end = end


class PhoneCall(Protocol):
    """One call at one phone."""

    @property
    def caller_number(self) -> str:
        """The other party's number as the display shows it (P-Asserted-Identity unless private, else From)."""

    @property
    def caller_name(self) -> str:
        """The other party's name as the display shows it; empty without one."""

    @property
    def headers(self) -> Headers:
        """Headers of the other side's INVITE (incoming call) or of its latest answer (outgoing call)."""

    async def ringing(self, timeout: float = 5) -> None:
        """Wait until the other side rings (outgoing call)."""

    async def answered(self, timeout: float = 5) -> None:
        """Wait until the call is answered, by us or by the other side; raises `CallEnded` when it is refused."""

    async def ended(self, timeout: float = 5) -> CallEnd:
        """Wait until the call is over, and tell how it ended."""

    async def answer(self) -> None:
        """Pick up; returns when both sides know."""

    async def decline(self, code: int = 486) -> None:
        """Refuse an incoming call: 486 busy here, 603 declined everywhere."""

    async def hang_up(self) -> None:
        """End the call, or give up the attempt."""

    async def press(self, digits: str) -> None:
        """Press keys (0-9, *, #), one after the other; returns when the last one was sent."""

    async def shows(self, number: str, name: str, within: float = 5) -> None:
        """Wait until this is what the display shows of the other party."""

    async def hears_tone(self, frequency: float, within: float = 5) -> None:
        """Wait until a tone of this frequency (Hz) is heard; raises `WaitedInVain` telling what was heard instead."""

    async def hears_speech(self, within: float = 5) -> None:
        """Wait until anything that is not silence is heard."""

    async def hears_silence(self, during: float = 1) -> None:
        """Listen for so many seconds and raise `PhoneError` if there is anything to hear."""

    async def hears_digits(self, digits: str, within: float = 5) -> None:
        """Wait until the other side has pressed these keys, ever since the call began."""


class Phone(Protocol):
    """One telephone, with a tone of its own that it speaks in every call."""

    @property
    def name(self) -> str:
        """Whose phone it is, for messages: "anna"."""

    @property
    def tone(self) -> int:
        """Frequency (Hz) of the tone that the other side hears when this phone is in a call."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def register(self) -> None:
        """Announce the phone at the exchange; raises `RegistrationRefused`."""

    async def unregister(self) -> None:
        """Take the announcement back."""

    async def dials(self, number: str) -> PhoneCall:
        """Start a call. Returns at once: whether it rings or is answered is for the call to tell."""

    async def rings(self, timeout: float = 5) -> PhoneCall:
        """Wait for the next incoming call that was not asked for before."""
