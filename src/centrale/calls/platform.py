"""Everything that calls share: the switch, the clock, the picture of the accounts, the voice, the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from centrale.calls.guesses import Guesses
from centrale.calls.line import Line
from centrale.calls.live import LiveCalls
from centrale.calls.naming import CallerNames, KnownNames
from centrale.calls.ports import Directory, Journal, LogonDesk, MessageDesk, Prompts, QueueDesk, SoundDesk
from centrale.clock import Clock
from centrale.telephony.switch import Switch


@dataclass(frozen=True, slots=True)
class Platform:
    """Wired once, in `bootstrap`. `sounds`: the folder with one folder of uploaded sounds per account."""

    switch: Switch
    clock: Clock
    directory: Directory
    prompts: Prompts
    desk: LogonDesk
    journal: Journal
    sounds: Path
    queue_desk: QueueDesk
    queues: Line
    sound_desk: SoundDesk
    messages: MessageDesk
    live: LiveCalls = field(default_factory=LiveCalls)
    guesses: Guesses = field(default_factory=Guesses)
    names: CallerNames = field(default_factory=lambda: CallerNames(KnownNames()))
    """Of who calls from outside. As it is made here it knows nobody."""
