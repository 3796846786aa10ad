"""The files of messages: the sound, and beside it a slip with what is known of it until the database knows it (VM-2).

    before it is recorded        the slip is written: whose it will be, who speaks, which recording of the switch
    when it is complete          the sound is moved here, and is on the disk then
    when it is in the database   the slip goes

So a sound with a slip is a message that the database may not have yet. One without is one that it has, or had: then
it is swept up. A slip alone tells of a recording that goes on, or went on when we died.

Everything here waits for the disk: call it in a thread.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from centrale.accounts.messages import Message, file_of
from centrale.accounts.sounds import move_durably
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import wav_seconds
from centrale.voice.speech import holds_speech

_HEADER = 44
"""Bytes before the samples of a WAV as Asterisk writes it."""


class Slip(BaseModel):
    """A message on its way into the database."""

    id: str
    """Also the name of the switch's recording."""
    account: int
    mailbox: str
    left_at: datetime
    caller: str
    caller_name: str
    call_id: str

    @property
    def account_id(self) -> AccountId:
        return AccountId(self.account)

    def message(self, seconds: float) -> Message:
        """The message that it stands for, new."""
        return Message(**self.model_dump(exclude={"account"}), seconds=seconds, heard_at=None)


def write(home: Path, slip: Slip) -> None:
    """Keeps the slip, whole or not at all, on the disk. Raises OSError."""
    path = _slip_file(home, slip.account, slip.id)
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    growing = path.with_suffix(".part")
    with growing.open("w", encoding="utf-8") as file:
        file.write(slip.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    growing.replace(path)
    _sync(path.parent)


def in_place(home: Path, slip: Slip) -> float | None:
    """The seconds of the message whose sound is complete and here; None when it is not."""
    try:
        return round(wav_seconds(file_of(home, slip.account_id, slip.id)), 2)
    except (OSError, ValueError):
        return None


def take_in(home: Path, slip: Slip, recorded: Path) -> float | None:
    """Moves what was recorded to its place, and gives its seconds; None when there is nothing worth keeping in it.

    May be done again after dying half-way. Raises OSError when the disk takes it not; all stays as it is then.
    """
    place = file_of(home, AccountId(slip.account), slip.id)
    sound = place if place.exists() else recorded
    if not sound.exists() or not _worth_keeping(sound):
        remove(home, slip.account, slip.id)
        recorded.unlink(missing_ok=True)
        return None
    if sound is recorded:
        move_durably(recorded, place)
    return in_place(home, slip)


def settled(home: Path, slip: Slip) -> None:
    """The database has it: the slip goes."""
    _slip_file(home, slip.account, slip.id).unlink(missing_ok=True)


def remove(home: Path, account: int, id: str) -> None:
    """The message goes, sound and slip."""
    file_of(home, AccountId(account), id).unlink(missing_ok=True)
    _slip_file(home, account, id).unlink(missing_ok=True)


def slips(home: Path) -> list[Slip]:
    """Every slip that is left. One that nobody can read is passed over; it stays for people to look at."""
    return [slip for path in sorted(home.glob("voicemail/*/*.json")) if (slip := _read(path)) is not None]


def without_slip(home: Path) -> Iterator[tuple[AccountId, list[str]]]:
    """Per account the ids of the sounds that have no slip, so that the database should know them."""
    for folder in sorted(home.glob("voicemail/*")):
        if folder.name.isdigit() and folder.is_dir():
            # Sounds first: one that comes in between has its slip then.
            sounds = [path.stem for path in folder.glob("*.wav")]
            waiting = {path.stem for path in folder.glob("*.json")}
            yield AccountId(int(folder.name)), [id for id in sounds if id not in waiting]


def mend(path: Path) -> None:
    """Gives a WAV whose writer died the length that it has: its header still says what it said at the beginning."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or header[:4] != b"RIFF" or header[36:40] != b"data":
            return
        said = struct.unpack_from("<I", header, 40)[0]
        there = (size - _HEADER) // 2 * 2
        if said < there:
            file.seek(4)
            file.write(struct.pack("<I", 36 + there))
            file.seek(40)
            file.write(struct.pack("<I", there))


def _worth_keeping(sound: Path) -> bool:
    mend(sound)
    try:
        return holds_speech(sound)
    except ValueError:
        return False  # the switch died before it wrote anything


def _read(path: Path) -> Slip | None:
    try:
        slip = Slip.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    ours = (slip.id, str(slip.account)) == (path.stem, path.parent.name)
    return slip if ours else None


def _slip_file(home: Path, account: int, id: str) -> Path:
    return file_of(home, AccountId(account), id).with_suffix(".json")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
