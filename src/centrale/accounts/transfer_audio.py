"""Sounds and music of an account file: the file names them, their audio lies in a folder beside it.

    acme.yaml            sounds: [{file: greeting.wav, name: …}], music: […]
    acme.audio/sounds/   greeting.wav
    acme.audio/music/    …

Audio is needed only for what the account does not have yet. A file without the lists leaves sounds and music alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, Field
from sqlalchemy import select

from centrale.accounts import music, sounds
from centrale.accounts.errors import Invalid, Problem
from centrale.accounts.fields import Name
from centrale.accounts.models import MusicRow, SoundRow
from centrale.accounts.music import MusicIn, MusicOut, Volume
from centrale.accounts.sounds import Origin, SoundIn, SoundOut, copy_durably, file_of
from centrale.accounts.unit import Unit
from centrale.kinds.kind import SoundRef
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import TELEPHONE_RATE, read_wav

SOUNDS, MUSIC = "sounds", "music"
"""Lists in the file, folders beside it, and folders in the home."""


class FileSound(SoundIn):
    """A sound."""

    file: SoundRef
    origin: Origin = Origin.UPLOAD
    maker: Name = "import"
    created: AwareDatetime | None = None


class FileMusic(MusicIn):
    """A piece of music; those of one playlist are played in the order in which they stand there."""

    file: SoundRef
    queue: str = Field(default="", pattern=r"^([0-9]{2,5})?$")
    volume: Volume = 0.0
    created: AwareDatetime | None = None


@dataclass(slots=True)
class Audio:
    """`beside`: the folder beside the file, if there is one. `home`: that of the exchange, when it is known.

    `rehearsed`: nothing is copied. `undo()` takes away what was copied for an import that did not come about.
    """

    beside: Path | None
    home: Path | None
    rehearsed: bool = True
    _copied: list[Path] = field(default_factory=list, init=False)

    def folder(self, kind: str) -> Path:
        """That of all accounts."""
        return (self.home or Path("/nowhere")) / kind

    def of(self, kind: str, file: str) -> Path | None:
        """Where the audio of a sound, or piece of music, lies beside the file."""
        path = self.beside / kind / file if self.beside else None
        return path if path is not None and path.is_file() else None

    async def bring(self, kind: str, account: AccountId, file: str) -> float:
        """Copies the audio into the account's folder; gives its length in seconds. Raises `Invalid`, OSError."""
        source = self.of(kind, file)
        if source is None:
            where = f"{self.beside / kind}" if self.beside else "the folder beside this file"
            message = f"its audio {file} is not in {where}; export it with --with-audio, or take it out of the list"
            raise Invalid(Problem("file", "no_audio", message))
        try:
            sound = await asyncio.to_thread(read_wav, source)
        except ValueError as error:
            raise Invalid.field("file", f"{source} is no WAV with 16 bits, mono", "no_audio") from error
        if sound.rate != TELEPHONE_RATE:
            raise Invalid.field("file", f"{source} has {sound.rate} samples a second, not {TELEPHONE_RATE}", "no_audio")
        if not self.rehearsed:
            target = file_of(self.folder(kind), account, file)
            await asyncio.to_thread(copy_durably, source, target)
            self._copied.append(target)
        return sound.seconds

    def undo(self) -> None:
        """The import was refused after all."""
        for path in self._copied:
            path.unlink(missing_ok=True)


def beside(file: Path) -> Path:
    """The folder of the audio that belongs to an account file: `acme.audio` beside `acme.yaml`."""
    return file.with_name(f"{file.stem}.audio")


async def export_audio(unit: Unit, account: AccountId, home: Path, target: Path) -> int:
    """Copies the audio of all sounds and music into `target`; gives the number of files. Raises OSError."""
    files = [(SOUNDS, sound.file) for sound in await sounds.list_all(unit, account)]
    files += [(MUSIC, piece.file) for piece in await music.list_all(unit, account, None)]
    for kind, file in files:
        await asyncio.to_thread(copy_durably, file_of(home / kind, account, file), target / kind / file)
    return len(files)


async def stored_sounds(unit: Unit, account: AccountId) -> list[dict[str, Any]]:
    """As the file has them, oldest first."""
    found = reversed(await sounds.list_all(unit, account))
    return [sound_fields(sound) for sound in found]


async def stored_music(unit: Unit, account: AccountId) -> list[dict[str, Any]]:
    """As the file has them: one playlist after the other, each in its order."""
    return [piece_fields(piece) for piece in await music.list_all(unit, account, None)]


def sound_fields(sound: SoundOut | FileSound) -> dict[str, Any]:
    """What of a sound stands in the file."""
    return sound.model_dump(mode="json", include=set(FileSound.model_fields))


def piece_fields(piece: MusicOut | FileMusic) -> dict[str, Any]:
    """What of a piece of music stands in the file."""
    return piece.model_dump(mode="json", include=set(FileMusic.model_fields))


def places(pieces: list[FileMusic] | list[MusicOut]) -> Iterator[tuple[FileMusic | MusicOut, int]]:
    """Each piece with its place in its playlist, from 1."""
    count: dict[str, int] = {}
    for piece in pieces:
        count[piece.queue] = count.get(piece.queue, 0) + 1
        yield piece, count[piece.queue]


async def put_sound(unit: Unit, account: AccountId, wanted: FileSound, audio: Audio, now: datetime) -> None:
    """Makes a sound, or makes it what the file says. Raises `Invalid`, OSError."""
    row = await unit.session.get(SoundRow, (account, wanted.file))
    if row is None:
        seconds = await audio.bring(SOUNDS, account, wanted.file)
        row = SoundRow(account_id=account, file=wanted.file, seconds=round(seconds, 2), created=wanted.created or now)
        _fill(row, wanted)
        await sounds.insert(unit, row)
        return
    before = (await sounds.get(unit, account, wanted.file)).as_audit()
    _fill(row, wanted)
    after = (await sounds.get(unit, account, wanted.file)).as_audit()
    await unit.audit(account, "change", "sound", wanted.file, before=before, after=after)


def _fill(row: SoundRow, wanted: FileSound) -> None:
    row.name, row.note, row.origin, row.maker = wanted.name, wanted.note, wanted.origin.value, wanted.maker


async def put_music(unit: Unit, account: AccountId, wanted: FileMusic, audio: Audio, now: datetime) -> None:
    """The same for a piece of music, at the end of its playlist; `put_all_in_order` follows."""
    row = await unit.session.get(MusicRow, (account, wanted.file))
    if row is None:
        await music.check_room(unit, account, wanted.queue)
        seconds = await audio.bring(MUSIC, account, wanted.file)
        row = MusicRow(account_id=account, file=wanted.file, position=0, seconds=round(seconds, 2))
        row.created = wanted.created or now
        unit.session.add(row)
        before = None
    else:
        before = (await music.get(unit, account, wanted.file)).as_audit()
        row.created = wanted.created or row.created
    row.owner, row.name, row.volume = wanted.queue, wanted.name, wanted.volume
    await unit.session.flush()
    after = (await music.get(unit, account, wanted.file)).as_audit()
    await unit.audit(
        account, "create" if before is None else "change", "music", wanted.file, before=before, after=after
    )


async def put_all_in_order(unit: Unit, account: AccountId, pieces: list[FileMusic]) -> None:
    """Every playlist in the order of the file."""
    for piece, place in places(pieces):
        row = await unit.session.scalar(
            select(MusicRow).where(MusicRow.account_id == account, MusicRow.file == piece.file)
        )
        if row is not None:
            row.position = place
    await unit.session.flush()
