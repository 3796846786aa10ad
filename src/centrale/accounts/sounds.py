"""Sounds of an account (SND-1): uploads, recordings of 905, greetings, and copies that belong to an extension.

The audio is a file in the account's folder below `folder` (`<home>/sounds/<account id>/<file>`); the row says what it
is. The file is whole and on the disk before its row is written, and goes after its row has gone: whatever dies when,
no row is without its sound. `adopt` gives a row to a file that has none.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints
from sqlalchemy import select

from centrale.accounts import references
from centrale.accounts.errors import NotFound
from centrale.accounts.fields import Input, Name
from centrale.accounts.models import SoundRow
from centrale.accounts.rows import remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import wav_seconds

LONGEST_NOTE = 2000
READABLE = 0o644
"""A system Asterisk runs as another user and has to read sounds."""

Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE, strip_whitespace=True)]


class Origin(StrEnum):
    """How a sound came about."""

    UPLOAD = "upload"
    RECORDING = "recording"
    """By 905 (SYS-6)."""
    GREETING = "greeting"
    """By 920 or 1233 (VM-5, VM-6)."""
    COPY = "copy"
    """Of another sound, for one extension."""


class SoundIn(Input):
    """What can be changed of a sound."""

    name: Name = Field(title="Name")
    note: Note = Field(default="", title="Note")


class SoundOut(SoundIn):
    """A sound; `file` is what the settings of extensions refer to."""

    not_audited: ClassVar[frozenset[str]] = frozenset()

    file: str = Field(title="File", description="By this name, settings refer to it.")
    origin: Origin = Field(title="Origin")
    maker: str = Field(title="Made by", description="In words: user 201, the name of a token.")
    seconds: float = Field(title="Length (seconds)")
    created: datetime = Field(title="Made at")


def file_of(folder: Path, account: AccountId, file: str) -> Path:
    """Where a sound of the account lies; only the name counts, so that no name leads out of the account's folder."""
    return folder / str(account) / Path(file).name


async def keep_recording(
    unit: Unit,
    folder: Path,
    account: AccountId,
    recorded: Path,
    *,
    name: str,
    origin: Literal["recording", "greeting"],
    maker: str,
    now: datetime,
) -> str:
    """Moves what was recorded (8 kHz, mono, 16 bits) into the account's folder and gives its file name (`SoundRef`).

    `folder`: that of all accounts (`Platform.sounds`). `maker`: in words, `user 201`. Raises OSError when the file
    cannot be moved, ValueError when it is no sound.
    """
    return (await add(unit, account, folder, recorded, name=name, origin=Origin(origin), maker=maker, now=now)).file


async def add(
    unit: Unit,
    account: AccountId,
    folder: Path,
    sound: Path,
    *,
    name: str,
    origin: Origin,
    maker: str,
    now: datetime,
    note: str = "",
) -> SoundOut:
    """Moves `sound` (8 kHz, mono, 16 bits) into the account's folder and makes its row. Raises OSError, ValueError."""
    await unit.lock(account)
    seconds = await asyncio.to_thread(wav_seconds, sound)
    file = new_file(origin, now)
    await asyncio.to_thread(move_durably, sound, file_of(folder, account, file))
    row = SoundRow(
        account_id=account,
        file=file,
        name=name,
        note=note,
        origin=origin,
        maker=maker,
        seconds=round(seconds, 2),
        created=now,
    )
    return await insert(unit, row)


async def insert(unit: Unit, row: SoundRow) -> SoundOut:
    """The row of a sound whose file is there."""
    unit.session.add(row)
    await unit.session.flush()
    made = _out(row)
    await unit.audit(AccountId(row.account_id), "create", "sound", row.file, after=made.as_audit())
    return made


async def list_all(unit: Unit, account: AccountId, *, origin: Origin | None = None) -> list[SoundOut]:
    """Newest first; of one origin, if given."""
    query = select(SoundRow).where(SoundRow.account_id == account)
    if origin is not None:
        query = query.where(SoundRow.origin == origin)
    return [_out(row) for row in await unit.session.scalars(query.order_by(SoundRow.created.desc(), SoundRow.file))]


async def get(unit: Unit, account: AccountId, file: str) -> SoundOut:
    """Raises `NotFound`."""
    return _out(await load(unit, account, file))


async def change(unit: Unit, account: AccountId, file: str, data: SoundIn) -> SoundOut:
    """Sets name and note anew. Raises `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, file)
    before = _out(row)
    row.name, row.note = data.name, data.note
    after = _out(row)
    await unit.audit(account, "change", "sound", file, before=before.as_audit(), after=after.as_audit())
    return after


async def delete(unit: Unit, account: AccountId, folder: Path, file: str) -> None:
    """The file goes after the commit. Raises `NotFound`, and `Conflict` with the uses while an extension plays it."""
    await unit.lock(account)
    row = await load(unit, account, file)
    await references.refuse_if_used(unit, account, f"sound {file}", await references.uses_of_sound(unit, account, file))
    before = _out(row)
    await remove(unit, row)
    await unit.audit(account, "delete", "sound", file, before=before.as_audit())
    unit.once_committed(lambda: asyncio.to_thread(file_of(folder, account, file).unlink, missing_ok=True))


async def load(unit: Unit, account: AccountId, file: str) -> SoundRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(SoundRow, (account, file))
    if row is None:
        raise NotFound("sound", file)
    return row


def new_file(origin: Origin, now: datetime) -> str:
    """A name that fits `SoundRef` and that nobody else chooses: an administrator reads it, so it tells a little."""
    return f"{origin}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.wav"


def move_durably(source: Path, target: Path) -> None:
    """Moves a file so that a power cut finds it at one of both places, whole. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as written:
        os.fsync(written.fileno())
    source.chmod(READABLE)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_durably(source, target)  # another disk
        source.unlink()
    _sync(target.parent)


def copy_durably(source: Path, target: Path) -> None:
    """The same, and `source` stays. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    own = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with source.open("rb") as reader, own.open("wb") as writer:
            shutil.copyfileobj(reader, writer)
            writer.flush()
            os.fsync(writer.fileno())
        own.chmod(READABLE)
        own.replace(target)
    except BaseException:
        own.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """The folder's entry is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _out(row: SoundRow) -> SoundOut:
    return SoundOut(
        file=row.file,
        name=row.name,
        note=row.note,
        origin=Origin(row.origin),
        maker=row.maker,
        seconds=row.seconds,
        created=row.created,
    )
