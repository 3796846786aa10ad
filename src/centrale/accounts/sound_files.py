"""The folders of sounds and music, brought in step with the tables when an exchange starts.

A process that died between moving a file and writing its row, or between deleting a row and its file, leaves a file
that no row names. Sounds are taken up: somebody may have spoken them, or put them there by hand. Music is removed, and
so is whatever belongs to an account that is no more.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import select

from centrale.accounts import sounds
from centrale.accounts.database import Database
from centrale.accounts.models import AccountRow, MusicRow, SoundRow
from centrale.accounts.sounds import Origin
from centrale.routing.snapshot import AccountId
from centrale.services.record_sound import TAKES
from centrale.telephony.asterisk.configuration.places import Places
from centrale.voice.pcm import TELEPHONE_RATE, read_wav

log = structlog.get_logger(__name__)

_SOUND = re.compile(r"[\w-]{1,80}\.wav")

FOUND = "found in the folder"
"""The maker of sounds that were taken up."""


async def tidy(database: Database, home: Path) -> None:
    """Before calls are taken. Raises StorageUnavailable; what the disk refuses is logged."""
    async with database.read() as unit:
        accounts = {AccountId(id) for id in await unit.session.scalars(select(AccountRow.id))}
        known = {(id, file) for id, file in await unit.session.execute(select(SoundRow.account_id, SoundRow.file))}
        music = {(id, file) for id, file in await unit.session.execute(select(MusicRow.account_id, MusicRow.file))}
    try:
        await asyncio.to_thread(_sweep, home / "music", accounts, music)
        await asyncio.to_thread(shutil.rmtree, home / "arriving", ignore_errors=True)
        await asyncio.to_thread(_throw_away_takes, Places(home).recordings)
        found = await asyncio.to_thread(_unknown, home / "sounds", accounts, known)
    except OSError as problem:
        log.error("folders of sounds cannot be tidied", problem=str(problem))
        return
    for account, path, seconds, made in found:
        async with database.change("centrale") as unit:
            row = SoundRow(
                account_id=account,
                file=path.name,
                name=path.stem,
                note="",
                origin=Origin.UPLOAD,
                maker=FOUND,
                seconds=round(seconds, 2),
                created=made,
            )
            await sounds.insert(unit, row)
        log.info("a sound without a name was taken up", account=account, file=path.name)


def forget_account(home: Path, account: AccountId) -> None:
    """Its sounds and its music go. Raises OSError."""
    for folder in (home / "sounds" / str(account), home / "music" / str(account)):
        if folder.exists():
            shutil.rmtree(folder)


def _throw_away_takes(recordings: Path) -> None:
    """What people recorded and had not kept when their call's process died; their call begins anew."""
    for name in TAKES:
        for take in recordings.glob(f"{name}-*.wav"):
            take.unlink()


def _folders(root: Path, accounts: set[AccountId]) -> list[tuple[AccountId, Path]]:
    """Those of the accounts; those of accounts that are no more are removed."""
    found = []
    for folder in sorted(root.iterdir()) if root.exists() else ():
        if not (folder.is_dir() and folder.name.isascii() and folder.name.isdigit()):
            continue
        if (account := AccountId(int(folder.name))) in accounts:
            found.append((account, folder))
        else:
            shutil.rmtree(folder)
    return found


def _sweep(root: Path, accounts: set[AccountId], known: set[tuple[int, str]]) -> None:
    for account, folder in _folders(root, accounts):
        for file in folder.iterdir():
            if (account, file.name) not in known:
                file.unlink()


def _unknown(
    root: Path, accounts: set[AccountId], known: set[tuple[int, str]]
) -> list[tuple[AccountId, Path, float, datetime]]:
    """Sounds without a row, with their length and when they were written."""
    found = []
    for account, folder in _folders(root, accounts):
        for file in sorted(folder.iterdir()):
            if file.name.startswith("."):
                file.unlink()  # half of a copy
            elif _SOUND.fullmatch(file.name) and (account, file.name) not in known:
                try:
                    sound = read_wav(file)
                except ValueError:
                    continue
                if sound.rate == TELEPHONE_RATE:
                    made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                    found.append((account, file, sound.seconds, made))
    return found
