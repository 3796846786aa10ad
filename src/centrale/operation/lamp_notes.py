"""A file that knows which lamps the switch was told to light: for the process after us."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from centrale.routing.snapshot import ChannelName
from centrale.telephony.switch import Lamp

LONGEST = 1_000_000
"""Bytes; then it is written anew, with what is lit only."""


class LampNotes:
    """A line for each lamp told: channel, new, old. The last one of a channel counts.

    Written before the switch is told. A line cut short by a power cut is passed over: the switch, too, was cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[ChannelName, Lamp]:
        """What is lit. Raises OSError."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        lamps: dict[ChannelName, Lamp] = {}
        for line in lines:
            match line.split(" "):
                case [channel, new, old] if new.isdigit() and old.isdigit():
                    lamps[ChannelName(channel)] = Lamp(channel, int(new), int(old))
        return {channel: lamp for channel, lamp in lamps.items() if lamp.new or lamp.old}

    def add(self, lamps: Iterable[Lamp]) -> None:
        """Keeps what the switch is about to be told. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_lines(lamps))
            long = file.tell() > LONGEST
        if long:
            self.rewrite(self.read().values())

    def rewrite(self, lit: Iterable[Lamp]) -> None:
        """Says this and nothing else. Raises OSError."""
        growing = self._path.with_suffix(".part")
        growing.parent.mkdir(parents=True, exist_ok=True)
        growing.write_text(_lines(lit), encoding="utf-8")
        growing.replace(self._path)


def _lines(lamps: Iterable[Lamp]) -> str:
    return "".join(f"{lamp.channel} {lamp.new} {lamp.old}\n" for lamp in lamps)
