"""Music on hold: a playlist of the account (MOH-1), and one of each queue that wants its own (QUE-12).

The pieces are files in the account's folder below `folder` (`<home>/music/<account id>/<file>`); as with `sounds`, the
row is written after the file and goes before it. `operation.music` tells the switch.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select

from centrale.accounts import references
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.fields import Input, Name
from centrale.accounts.models import MusicRow
from centrale.accounts.parts import Part
from centrale.accounts.rows import remove
from centrale.accounts.sounds import file_of, move_durably
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import wav_seconds

ACCOUNTS_OWN = ""
"""The owner of the account's playlist; a queue's is owned by its number."""

AT_MOST = 100
"""Pieces of one playlist."""

Volume = Annotated[float, Field(ge=-30, le=12)]
"""Decibels."""


class MusicIn(Input):
    """What can be changed of a piece."""

    name: Name = Field(title="Name")


class MusicOut(MusicIn):
    """A piece of music, in its place."""

    not_audited: ClassVar[frozenset[str]] = frozenset()

    file: str = Field(title="File")
    queue: str = Field(title="Queue", description="Whose playlist it is in; the account's if empty.")
    position: int = Field(title="Place", description="From 1.")
    volume: float = Field(title="Volume (dB)", description="By which it was made louder or softer at upload.")
    seconds: float = Field(title="Length (seconds)")
    created: datetime = Field(title="Added at")


async def check_room(unit: Unit, account: AccountId, queue: str) -> None:
    """Raises `Invalid` when there is no such queue, `Conflict` when its playlist is full."""
    if queue != ACCOUNTS_OWN:
        await references.check_extension(unit, account, "queue", queue, "queue")
    if len(await _rows(unit, account, queue)) >= AT_MOST:
        raise Conflict(f"a playlist has {AT_MOST} pieces at most; delete one first", field="file")


async def add(
    unit: Unit,
    account: AccountId,
    folder: Path,
    piece: Path,
    *,
    queue: str,
    name: str,
    volume: float,
    now: datetime,
    file: str | None = None,
) -> MusicOut:
    """Moves `piece` (8 kHz, mono, 16 bits) into the account's folder and puts it at the end of the playlist.

    `file`: its name, else a new one. Raises `Invalid`, `Conflict`, OSError, ValueError.
    """
    await unit.lock(account)
    await check_room(unit, account, queue)
    seconds = await asyncio.to_thread(wav_seconds, piece)
    file = file or f"music-{secrets.token_hex(8)}.wav"
    await asyncio.to_thread(move_durably, piece, file_of(folder, account, file))
    last = await unit.session.scalar(
        select(func.max(MusicRow.position)).where(MusicRow.account_id == account, MusicRow.owner == queue)
    )
    row = MusicRow(
        account_id=account,
        file=file,
        owner=queue,
        position=(last or 0) + 1,
        name=name,
        volume=volume,
        seconds=round(seconds, 2),
        created=now,
    )
    unit.session.add(row)
    await unit.session.flush()
    made = _out(row)
    await unit.audit(account, "create", "music", file, after=made.as_audit())
    return made


async def list_all(unit: Unit, account: AccountId, queue: str | None = ACCOUNTS_OWN) -> list[MusicOut]:
    """A playlist in its order; with None all playlists of the account."""
    return [_out(row) for row in await _rows(unit, account, queue)]


_PLAYLISTS = Part(
    select(MusicRow.account_id, MusicRow.owner, MusicRow.file).order_by(MusicRow.position, MusicRow.file),
    MusicRow.account_id,
)


async def playlists(unit: Unit, accounts: Sequence[AccountId] | None) -> dict[AccountId, dict[str, list[str]]]:
    """The files of each playlist by owner, of these accounts or of all."""
    found: dict[AccountId, dict[str, list[str]]] = {}
    for account, owner, file in await _PLAYLISTS.read(unit.session, accounts):
        found.setdefault(AccountId(account), {}).setdefault(owner, []).append(file)
    return found


async def get(unit: Unit, account: AccountId, file: str) -> MusicOut:
    """Raises `NotFound`."""
    return _out(await _load(unit, account, file))


async def change(unit: Unit, account: AccountId, file: str, data: MusicIn) -> MusicOut:
    """Gives it another name. Raises `NotFound`."""
    await unit.lock(account)
    row = await _load(unit, account, file)
    before = _out(row)
    row.name = data.name
    after = _out(row)
    await unit.audit(account, "change", "music", file, before=before.as_audit(), after=after.as_audit())
    return after


async def put_in_order(unit: Unit, account: AccountId, queue: str, files: Sequence[str]) -> list[MusicOut]:
    """Plays the playlist in this order from now on; raises `Invalid` unless `files` are exactly its own."""
    await unit.lock(account)
    rows = {row.file: row for row in await _rows(unit, account, queue)}
    if sorted(files) != sorted(rows):
        raise Invalid.field("files", "name every piece of this playlist once, in the order in which it is to be played")
    before = list(rows)
    for position, file in enumerate(files, start=1):
        rows[file].position = position
    await unit.session.flush()
    if before != list(files):
        key = queue or "account"
        await unit.audit(account, "change", "playlist", key, before={"files": before}, after={"files": list(files)})
    return await list_all(unit, account, queue)


async def delete(unit: Unit, account: AccountId, folder: Path, file: str) -> None:
    """Takes it out of its playlist; the file goes after the commit. Raises `NotFound`."""
    await unit.lock(account)
    row = await _load(unit, account, file)
    before = _out(row)
    await remove(unit, row)
    await unit.audit(account, "delete", "music", file, before=before.as_audit())
    unit.once_committed(lambda: asyncio.to_thread(file_of(folder, account, file).unlink, missing_ok=True))


async def forget_queue(unit: Unit, account: AccountId, queue: str) -> None:
    """The queue goes, and its playlist with it; the files are swept up by `sound_files.tidy`."""
    await unit.session.execute(
        sql_delete(MusicRow).where(MusicRow.account_id == account, MusicRow.owner == queue, MusicRow.owner != "")
    )


async def _rows(unit: Unit, account: AccountId, queue: str | None) -> list[MusicRow]:
    query = select(MusicRow).where(MusicRow.account_id == account)
    if queue is not None:
        query = query.where(MusicRow.owner == queue)
    return list(await unit.session.scalars(query.order_by(MusicRow.owner, MusicRow.position, MusicRow.file)))


async def _load(unit: Unit, account: AccountId, file: str) -> MusicRow:
    row = await unit.session.get(MusicRow, (account, file))
    if row is None:
        raise NotFound("music", file)
    return row


def _out(row: MusicRow) -> MusicOut:
    return MusicOut(
        file=row.file,
        queue=row.owner,
        position=row.position,
        name=row.name,
        volume=row.volume,
        seconds=row.seconds,
        created=row.created,
    )
