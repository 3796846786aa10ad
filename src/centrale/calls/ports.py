"""What a call needs of the world, as protocols; `accounts` and `voice` offer it, tests offer simple ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber, PlatformSnapshot
from centrale.telephony.switch import RecordingId
from centrale.voice.prompts import Prompt


class Directory(Protocol):
    """Holds the present picture of all accounts."""

    @property
    def current(self) -> PlatformSnapshot:
        """The picture now; read it anew for each decision."""
        ...

    def on_change(self, listener: Callable[[PlatformSnapshot, frozenset[AccountId]], None]) -> None:
        """Call `listener(picture, changed accounts)` after each change; the set may hold accounts that are gone."""
        ...


class Prompts(Protocol):
    """Turns a prompt, or a free text, into a sound file."""

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> Path:
        """Path, without extension, of a sound that says `prompt`."""
        ...

    async def speech(self, text: str, language: str, /) -> Path:
        """Path, without extension, of a sound that says `text`."""
        ...

    async def beep(self) -> Path:
        """Path, without extension, of the sound that means *speak now*."""
        ...

    async def ring_tone(self) -> Path:
        """Path, without extension, of one ring with the pause behind it: for a caller who has been answered."""
        ...


class PinVerdict(StrEnum):
    """What became of a PIN that was tried (USR-2)."""

    RIGHT = "right"
    MUST_CHOOSE = "must_choose"
    """Right, and it is the PIN that makes the user choose a new one."""
    WRONG = "wrong"
    """Number or PIN: which of both is never told."""
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Whence:
    """From where a PIN is tried: a channel of the account, or an outside caller's number (empty when withheld)."""

    name: str
    outside: bool = False


class Situation(StrEnum):
    """When one of a user's forwards applies; the names of the fields in the user's settings."""

    ALWAYS = "always"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


class PlanChange(StrEnum):
    """How a plan is chosen by phone (NP-8)."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """The plan that is active now (None: none is), and until when by the schedule; None: until somebody changes it."""

    name: str | None
    until: datetime | None


class LogonDesk(Protocol):
    """The storage side of what people do by phone: logging on and off, PINs, their own forwards, the number plan
    (SYS-2, SYS-3, SYS-11, SYS-12, USR-2)."""

    async def try_pin(
        self, account: AccountId, whence: Whence, user: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        """Check a PIN and count failures against user, channel or caller, and account.

        Failures from outside are counted apart: whoever guesses there must not keep the people inside from logging on.
        """
        ...

    async def choose_pin(self, account: AccountId, user: ExtensionNumber, pin: str) -> None:
        """Set a new PIN that the rules allow."""
        ...

    async def log_on(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, alone: bool, now: datetime
    ) -> None:
        """Log the user on here; `alone`: and off everywhere else."""
        ...

    async def log_off(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, everywhere: bool, now: datetime
    ) -> None:
        """Log the user off here, or on all phones."""
        ...

    async def set_forward(
        self, account: AccountId, user: ExtensionNumber, situation: Situation, number: str | None
    ) -> None:
        """Set one of the user's own forwards, or switch it off with None (SYS-11)."""
        ...

    async def choose_plan(
        self,
        account: AccountId,
        user: ExtensionNumber,
        schema: int,
        change: PlanChange,
        plan: int | None,
        now: datetime,
    ) -> ChosenPlan:
        """Choose the active plan of a schema; without `plan` go back to the schedule (NP-8)."""
        ...


class QueueVerdict(StrEnum):
    """What became of a wish to log on to a queue or off from it (QUE-15)."""

    LOGGED_ON = "logged_on"
    ALREADY = "already"
    LOGGED_OFF = "logged_off"
    NOT_LOGGED_ON = "not_logged_on"
    NO_QUEUE = "no_queue"
    """The account has no queue with this number."""
    MEMBERS_ONLY = "members_only"
    """The queue is closed, and no administrator made them a member."""
    FULL = "full"
    """It rings all at once, and has as many members as it can have (QUE-18)."""


class QueueDesk(Protocol):
    """The storage side of 903 and 904 (SYS-4, SYS-5)."""

    async def log_on_to_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        """Log the agent on, if the queue's rules allow it."""
        ...

    async def log_off_from_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        """Log the agent off; who made themselves a member is none any more."""
        ...


class SoundDesk(Protocol):
    """The storage side of 905 (SYS-6)."""

    async def keep_sound(self, account: AccountId, recorded: Path, *, maker: str, now: datetime) -> str | None:
        """Make what was recorded a sound of the account, and move its file away; gives the file that settings refer
        to. None when that cannot be done now: the recording stays. `maker`: in words, `user 201`."""
        ...


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that is about to be recorded: for which mailbox (or user), and by whom."""

    account: AccountId
    mailbox: ExtensionNumber
    call: str
    caller: str
    caller_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A message is safe. `said`: what became of it, for the trace."""

    said: str


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """A message, to be listened to. `caller`: an extension, E.164, or empty when withheld."""

    id: str
    left_at: datetime
    caller: str
    caller_name: str
    seconds: float
    file: Path


class MessageDesk(Protocol):
    """Voicemail's storage (VM-2, VM-5, VM-6). A *box* is a mailbox, or a user with the personal voicemail."""

    async def expect(self, recording: RecordingId, leaving: Leaving) -> None:
        """This recording will be a message; whoever comes after us shall know."""
        ...

    def expected(self, call: str) -> RecordingId | None:
        """The recording that this call had begun when an earlier process of ours died."""
        ...

    async def keep(self, recording: RecordingId, recorded: Path) -> Kept | None:
        """Keep what was recorded, for good when this returns; None: nothing was said, so there is no message.

        Raises OSError when it could not be kept; it is tried again later.
        """
        ...

    async def messages(self, account: AccountId, box: ExtensionNumber, *, new: bool) -> list[VoiceMessage]:
        """The new ones, or those heard before; the oldest first."""
        ...

    async def heard(self, account: AccountId, message: str, now: datetime) -> None:
        """It is new no longer."""
        ...

    async def delete(self, account: AccountId, message: str) -> None:
        """It goes; one that has gone already is fine."""
        ...

    async def try_box_pin(
        self, account: AccountId, whence: Whence, box: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        """Check the PIN of a box, counting failures. A user who has none for voicemail gives the one for logging on."""
        ...

    async def choose_box_pin(self, account: AccountId, box: ExtensionNumber, pin: str) -> None:
        """Set a new one, which the rules allow."""
        ...

    async def set_language(self, account: AccountId, box: ExtensionNumber, language: str) -> None:
        """What the box speaks."""
        ...

    async def set_greeting(self, account: AccountId, box: ExtensionNumber, recorded: Path | None) -> bool:
        """What callers hear: this recording, which is moved away, or the standard words. False: that cannot be done
        now; the recording stays."""
        ...


class Journal(Protocol):
    """Remembers running calls so that they outlive this process (design §7). None of these waits."""

    def opened(self, call: str, fields: Mapping[str, Any]) -> None:
        """A call began; written before anything is done for it."""
        ...

    def changed(self, call: str, fields: Mapping[str, Any]) -> None:
        """More is known: who talks to whom in which bridge."""
        ...

    def closed(self, call: str, record: Mapping[str, Any]) -> None:
        """The call ended; `record` is its call detail record, to be stored exactly once."""
        ...
