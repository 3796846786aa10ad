"""Voicemail in a dry run: there are no messages, none is kept, and every PIN counts as right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from centrale.calls.ports import Kept, Leaving, PinVerdict, VoiceMessage, Whence
from centrale.routing.snapshot import AccountId, ExtensionNumber, PlatformSnapshot
from centrale.telephony.simulated import SimulatedSwitch
from centrale.telephony.switch import RecordingId


class NoMessages:
    """A `calls.ports.MessageDesk` that changes nothing. `current` gives the picture of the accounts."""

    def __init__(self, switch: SimulatedSwitch, current: Callable[[], PlatformSnapshot]) -> None:
        self._switch = switch
        self._current = current
        self._leaving: dict[RecordingId, Leaving] = {}
        self.left: list[ExtensionNumber] = []
        """The mailboxes in which something would be kept, in order."""

    async def expect(self, recording: RecordingId, leaving: Leaving) -> None:
        self._leaving[recording] = leaving

    def expected(self, call: str) -> RecordingId | None:
        return None

    async def keep(self, recording: RecordingId, recorded: Path) -> Kept | None:
        seconds = self._switch.recordings.get(recording, 0.0)
        if not seconds:
            return None
        self.left += [self._leaving[recording].mailbox] if recording in self._leaving else []
        return Kept(f"a message of {seconds:.0f} s would be kept, but not in a dry run")

    async def messages(self, account: AccountId, box: ExtensionNumber, *, new: bool) -> list[VoiceMessage]:
        return []

    async def heard(self, account: AccountId, message: str, now: datetime) -> None:
        return None

    async def delete(self, account: AccountId, message: str) -> None:
        return None

    async def try_box_pin(
        self, account: AccountId, whence: Whence, box: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        extension = self._current().accounts[account].extensions.get(box)
        known = extension is not None and extension.kind in ("mailbox", "user")
        return PinVerdict.RIGHT if known else PinVerdict.WRONG

    async def choose_box_pin(self, account: AccountId, box: ExtensionNumber, pin: str) -> None:
        return None

    async def set_language(self, account: AccountId, box: ExtensionNumber, language: str) -> None:
        return None

    async def set_greeting(self, account: AccountId, box: ExtensionNumber, recorded: Path | None) -> bool:
        return True
