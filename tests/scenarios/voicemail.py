"""Voicemail in a story: boxes in memory, and recordings of which the simulated switch knows whether anyone spoke."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from centrale.calls.ports import Kept, Leaving, PinVerdict, VoiceMessage, Whence
from centrale.routing import lockout
from centrale.routing.pins import must_choose
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.telephony.switch import RecordingId

if TYPE_CHECKING:
    from tests.scenarios.world import World


@dataclass
class Left:
    """A message, and whose it is."""

    account: AccountId
    box: ExtensionNumber
    message: VoiceMessage
    heard: bool = False


class Boxes:
    """A `MessageDesk`. `left`: every message, in the order in which they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.left: list[Left] = []
        self.expecting: dict[RecordingId, Leaving] = {}
        self.pins: dict[tuple[AccountId, str], str] = {}
        self.greetings: dict[tuple[AccountId, str], str | None] = {}
        self.disk_is_full = False

    def of(self, account: AccountId, box: str) -> list[Left]:
        """Everything in a box."""
        return [left for left in self.left if (left.account, left.box) == (account, box)]

    async def expect(self, recording: RecordingId, leaving: Leaving) -> None:
        self.expecting[recording] = leaving

    def expected(self, call: str) -> RecordingId | None:
        return next((name for name, leaving in self.expecting.items() if leaving.call == call), None)

    async def keep(self, recording: RecordingId, recorded: Path) -> Kept | None:
        if self.disk_is_full:
            raise OSError(28, "No space left on device")
        leaving = self.expecting.pop(recording)
        seconds = self._world.switch.recordings[recording]
        if not seconds:
            return None
        message = VoiceMessage(recording, leaving.at, leaving.caller, leaving.caller_name, seconds, recorded)
        self.left.append(Left(leaving.account, leaving.mailbox, message))
        return Kept(f"a message of {seconds:.0f} s is kept")

    async def messages(self, account: AccountId, box: ExtensionNumber, *, new: bool) -> list[VoiceMessage]:
        return [left.message for left in self.of(account, box) if left.heard is not new]

    async def heard(self, account: AccountId, message: str, now: datetime) -> None:
        for left in self.left:
            if (left.account, left.message.id) == (account, message):
                left.heard = True

    async def delete(self, account: AccountId, message: str) -> None:
        self.left = [left for left in self.left if (left.account, left.message.id) != (account, message)]

    async def try_box_pin(
        self, account: AccountId, whence: Whence, box: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        failures = self._world.books.failures
        keys = tuple((account, subject) for subject in (f"voicemail {box}", f"from {whence.name}", "all"))
        guard = lockout.Guard(*(failures.get(key, lockout.NO_FAILURES) for key in keys))
        if isinstance(lockout.verdict(guard, now), lockout.Locked):
            return PinVerdict.LOCKED
        right = self.pins.get((account, box), self._world.books.pins.get((account, box))) == pin
        guard = lockout.after_success(guard) if right else lockout.after_failure(guard, now)
        failures.update(zip(keys, (guard.extension, guard.channel, guard.account), strict=True))
        if not right:
            return PinVerdict.WRONG
        return PinVerdict.MUST_CHOOSE if must_choose(pin) else PinVerdict.RIGHT

    async def choose_box_pin(self, account: AccountId, box: ExtensionNumber, pin: str) -> None:
        self.pins[account, box] = pin

    async def set_language(self, account: AccountId, box: ExtensionNumber, language: str) -> None:
        self._change(account, box, {"language": language})

    async def set_greeting(self, account: AccountId, box: ExtensionNumber, recorded: Path | None) -> bool:
        if self.disk_is_full:
            return False
        self._change(account, box, {"welcome": recorded and {"sound": recorded.name}})
        return True

    def _change(self, account: AccountId, box: ExtensionNumber, changes: dict[str, object]) -> None:
        extensions = self._world.books.accounts[account].extensions
        extension = extensions[box]
        settings = extension.settings.model_dump(mode="json")
        settings = settings | ({"voicemail": settings["voicemail"] | changes} if extension.kind == "user" else changes)
        changed = replace(extension, settings=type(extension.settings).model_validate(settings))
        self._world.books.change(account, extensions={**extensions, box: changed})
