"""What the exchange asks of a telephone switch.

A *leg* is one party's connection: a phone or a trunk, calling in or being called. Ids of legs, bridges and playbacks
are chosen by us before anything is created, so that no event about them can come too early to be understood.

Events of a leg reach one synchronous *listener*, in the order in which they happened; it must not block. A leg's last
event is `Gone`. Every verb raises `LegGone` when its leg no longer exists: the race between a hang-up and our command
is told here, once, and nowhere else (design §4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType, Protocol

LegId = NewType("LegId", str)
BridgeId = NewType("BridgeId", str)
PlaybackId = NewType("PlaybackId", str)
RecordingId = NewType("RecordingId", str)
"""Also the name of the file, so only letters, digits and dashes."""


RETURN_SECONDS = 5
"""So long the switch lets whoever calls while we are away hear ringing, for we may come back; then it says sorry."""


class Cause(StrEnum):
    """Why a leg ended, or why we end it. Both switches map their own codes (SIP, Q.850) to these."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    """No phone is registered, or it does not respond."""
    UNKNOWN_NUMBER = "unknown_number"
    NOT_ALLOWED = "not_allowed"
    CONGESTION = "congestion"
    """The other side, or the way to it, cannot take the call now."""
    INCOMPATIBLE = "incompatible"
    """No codec in common."""
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    FAILURE = "failure"


class SwitchError(Exception):
    """The switch could not do what was asked."""


class LegGone(SwitchError):
    """The leg has hung up."""


class SwitchDown(SwitchError):
    """There is no connection to the switch now."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """The called side rings (SIP 180); or a phone sends sound instead (SIP 183), which nobody hears."""


@dataclass(frozen=True, slots=True)
class EarlyMedia:
    """The called side of a trunk sends sound before answering (SIP 183)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The called side answered."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """A playback came to its end or was stopped."""

    playback: PlaybackId
    failed: bool = False


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """A recording is complete, whatever ended it. At the leg's own end it comes before `Gone`."""

    recording: RecordingId
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The leg ended. `code`: the SIP status where there was one."""

    cause: Cause
    code: int | None = None


LegEvent = Ringing | EarlyMedia | Answered | Digit | PlaybackEnded | RecordingEnded | Gone
Listener = Callable[[LegEvent], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A leg that calls in.

    `endpoint`: the authenticated channel name, or the trunk's endpoint; the only thing here that a caller cannot
    forge. `number` and `name`: what the far end says of itself, believed of trunks only.
    """

    leg: LegId
    endpoint: str
    from_trunk: bool
    dialled: str
    number: str = ""
    name: str = ""
    withheld: bool = False
    diverted_from: str | None = None


@dataclass(frozen=True, slots=True)
class Presentation:
    """What the called side is shown.

    `withheld`: nobody is shown anything; the number is still asserted to a trunk (RFC 3323, RFC 3325).
    `diverted_from` and `diverted_because` (`unconditional`, `user-busy`, `no-answer`): RFC 5806. `ring_tone`: text of
    an Alert-Info header.
    """

    number: str = ""
    name: str = ""
    withheld: bool = False
    diverted_from: str | None = None
    ring_tone: str | None = None
    diverted_because: str = "unconditional"


@dataclass(frozen=True, slots=True)
class ToPhone:
    """Ring the phone that is registered on a channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class ToTrunk:
    """Call an outside number through a trunk."""

    endpoint: str
    number: str


Target = ToPhone | ToTrunk


@dataclass(frozen=True, slots=True)
class Survivor:
    """A leg that was there when we came back: after a restart of ours, or a lost connection."""

    leg: LegId
    answered: bool
    bridge: BridgeId | None
    arrival: Arrival | None = None
    """How it came in, if it did: perhaps nobody ever heard of it."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """What the message-waiting lamp of a channel's phone tells (VM-4): lit while there are new messages."""

    channel: str
    new: int = 0
    old: int = 0


class Switch(Protocol):
    """The verbs. Each returns once the switch has accepted the command; what follows comes as events."""

    on_arrival: Callable[[Arrival], Listener]
    """Set before the switch starts; called for each leg that calls in, and gives the listener of its events."""

    def up(self) -> bool:
        """Can calls be made now?"""
        ...

    async def listen(self, leg: LegId, listener: Listener) -> None:
        """Hand the events of an existing leg to `listener` (a survivor's new owner)."""
        ...

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        """Start calling `target` as a new leg. Whatever goes wrong comes as `Gone`, never as an exception.

        A phone can be hung up at once, and take part in anything else when it has answered: until then it is `LegGone`
        to the other verbs. One that answers while the connection is lost has gone when the connection is back.

        Whoever cancels this hangs the leg up: it may have come about, and may ring by then.

        `caller`: the leg that will be connected; the same codecs are offered, so that nothing is transcoded.
        """
        ...

    async def ring(self, leg: LegId) -> None:
        """Tell a leg that called in that it rings at the other end."""
        ...

    async def answer(self, leg: LegId) -> None:
        """Answer a leg that called in."""
        ...

    async def show(self, leg: LegId, presentation: Presentation) -> None:
        """Have the phone of a leg that has been answered show another party than so far (RFC 5876). Not waited for; a
        phone that cannot is none the worse. A `ring_tone` comes too late."""
        ...

    async def hang_up(self, leg: LegId, cause: Cause = Cause.NORMAL) -> None:
        """End a leg; one that is gone already is fine. With the switch away it ends when the switch is back."""
        ...

    async def connect(self, bridge: BridgeId, legs: Sequence[LegId], *, hear_keys: bool = False) -> None:
        """Let `legs` hear each other, in a new bridge. A leg that has not answered hears and is not heard.

        `hear_keys`: tell us the keys that they press, too. It costs a third more CPU for as long as they talk
        (docs/guides/measuring.md), so only where a key means something; the other party hears them in any case.
        """
        ...

    async def dissolve(self, bridge: BridgeId) -> None:
        """Take the bridge away; its legs stay. One that is gone already is fine, and so is a switch that is away."""
        ...

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        """Play sound files one after another; `PlaybackEnded` follows. Before the answer it is early media."""
        ...

    async def stop_playback(self, playback: PlaybackId) -> None:
        """Stop; a playback that has ended already is fine, and so is a switch that is away."""
        ...

    async def start_music(self, leg: LegId, music: str | None) -> None:
        """Play a playlist (`calls.music`; None: the usual one) to an answered leg, again and again, until `stop_music`,
        until a sound is played, or until it is connected."""
        ...

    async def stop_music(self, leg: LegId) -> None:
        """Stop; a leg that hears none is fine, and so is one that has gone, or a switch that is away."""
        ...

    async def record(self, leg: LegId, recording: RecordingId, *, longest: float, silence: float) -> None:
        """Record what an answered leg says; `RecordingEnded` follows: after `#`, `longest` seconds, `silence` seconds
        without a sound, `stop_recording`, or the leg's end."""
        ...

    async def goes_on_recording(self, leg: LegId, recording: RecordingId) -> bool:
        """Is a recording that an earlier process of ours began still going on? Then `RecordingEnded` follows."""
        ...

    async def stop_recording(self, recording: RecordingId) -> None:
        """Stop; a recording that has ended already is fine, and so is a switch that is away."""
        ...

    def recorded(self, recording: RecordingId) -> Path:
        """The file of a recording that has ended: a WAV, 8 kHz, mono, 16 bits. It is ours to move or remove."""
        ...

    async def survivors(self) -> list[Survivor]:
        """Every leg that exists and has no listener."""
        ...

    async def light(self, lamps: Sequence[Lamp]) -> None:
        """Have phones show these lamps, now and whenever they register, until told otherwise; each is dark at first.

        Returns when the switch has done so: what is lit afterwards counts. Raises SwitchDown. A switch that comes up
        anew has forgotten all lamps.
        """
        ...
