"""Playlists are with the switch as soon as they are stored (MOH-1, QUE-12)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from centrale.accounts import accounts, extensions, music
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.operation.music import Music
from centrale.operation.usual_music import give_usual_music
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import MusicStore
from centrale.voice.pcm import read_wav, write_wav
from centrale.voice.tones import tone


class Exchange:
    """A database, and what Asterisk would read."""

    def __init__(self, database: Database, directory: Directory, home: Path) -> None:
        self.database = database
        self.directory = directory
        self.home = home
        self.realtime = home / "realtime.db"
        self.music = Music(database, directory, MusicStore(self.realtime), home)

    async def company(self, number: str) -> AccountId:
        async with self.database.change("root") as unit:
            return AccountId((await accounts.create(unit, AccountIn(number=number, name=number))).id)

    async def queue(self, account: AccountId, number: str, *, shuffled: bool = False) -> None:
        data = ExtensionIn(number=number, kind="queue", name="Sales", settings={"music_shuffled": shuffled})
        async with self.database.change("anna") as unit:
            await extensions.create(unit, account, data)

    async def upload(self, account: AccountId, queue: str = "") -> str:
        piece = self.home / "arriving.wav"
        write_wav(piece, tone(440, seconds=0.1))
        async with self.database.change("anna") as unit:
            added = await music.add(
                unit,
                account,
                self.home / "music",
                piece,
                queue=queue,
                name="x",
                volume=0,
                now=self.database.clock.now(),
            )
        return added.file

    def plays(self) -> dict[str, tuple[str, list[str]]]:
        """Of each playlist that Asterisk finds: how it is sorted, and the files in their order."""
        with closing(sqlite3.connect(self.realtime)) as connection:
            found = dict(connection.execute("SELECT name, sort FROM musiconhold WHERE mode = 'playlist'"))
            entries = "SELECT entry FROM musiconhold_entry WHERE name = ? ORDER BY position"
            return {
                name: (sort, [Path(entry).name + ".wav" for (entry,) in connection.execute(entries, (name,))])
                for name, sort in found.items()
            }


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/centrale.db", Vault(Fernet.generate_key()))
    await upgrade(database)
    directory = Directory(database)
    await directory.load()
    exchange = Exchange(database, directory, tmp_path)
    await exchange.music.load()
    yield exchange
    await database.close()


async def test_a_piece_is_with_the_switch_when_the_upload_returns(exchange: Exchange) -> None:
    acme, rival = await exchange.company("100"), await exchange.company("200")
    first, second = await exchange.upload(acme), await exchange.upload(acme)
    theirs = await exchange.upload(rival)
    assert exchange.plays() == {f"account-{acme}": ("", [first, second]), f"account-{rival}": ("", [theirs])}
    async with exchange.database.change("anna") as unit:
        await music.put_in_order(unit, acme, "", [second, first])
    assert exchange.plays()[f"account-{acme}"] == ("", [second, first])
    for file in (first, second):
        async with exchange.database.change("anna") as unit:
            await music.delete(unit, acme, exchange.home / "music", file)
    assert exchange.plays() == {f"account-{rival}": ("", [theirs])}, "who has none hears the usual music"


async def test_a_queue_plays_its_own_music_or_else_the_accounts(exchange: Exchange) -> None:
    acme = await exchange.company("100")
    await exchange.queue(acme, "500")
    await exchange.queue(acme, "501", shuffled=True)
    ours = await exchange.upload(acme)
    assert exchange.plays() == {
        f"account-{acme}": ("", [ours]),
        f"queue-{acme}-500": ("", [ours]),
        f"queue-{acme}-501": ("random", [ours]),
    }
    own = await exchange.upload(acme, "501")
    assert exchange.plays()[f"queue-{acme}-501"] == ("random", [own])
    async with exchange.database.change("anna") as unit:
        await extensions.delete(unit, acme, "501")
    assert exchange.plays() == {f"account-{acme}": ("", [ours]), f"queue-{acme}-500": ("", [ours])}


async def test_who_has_none_plays_the_usual_music(exchange: Exchange) -> None:
    write_wav(exchange.home / "music" / "usual.wav", tone(440, seconds=0.1))
    acme, rival = await exchange.company("100"), await exchange.company("200")
    await exchange.queue(acme, "500")
    ours = await exchange.upload(rival)
    await exchange.music.load()
    usual = ("", ["usual.wav"])
    expected = {f"account-{acme}": usual, f"queue-{acme}-500": usual, f"account-{rival}": ("", [ours])}
    assert exchange.plays() == expected
    third = await exchange.company("300")
    assert exchange.plays() == {**expected, f"account-{third}": usual}


async def test_what_another_process_adds_follows(exchange: Exchange) -> None:
    acme = await exchange.company("100")
    file = await exchange.upload(acme)
    other = Exchange(exchange.database, Directory(exchange.database), exchange.home / "other")
    await other.directory.load()
    await other.music.load()
    assert other.plays() == exchange.plays()
    keeping = asyncio.create_task(other.music.keep())
    elsewhere = Database(str(exchange.database.engine.url), exchange.database.vault)
    async with elsewhere.change("root") as unit:
        await music.delete(unit, acme, exchange.home / "music", file)
    await elsewhere.close()
    await other.directory.poll()
    async with asyncio.timeout(10):
        while other.plays():  # noqa: ASYNC110 - the task writes it
            await asyncio.sleep(0.01)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_sounds_and_music_go_with_their_account(exchange: Exchange) -> None:
    acme = await exchange.company("100")
    await exchange.upload(acme)
    write_wav(exchange.home / "sounds" / str(acme) / "hours.wav", tone(440, seconds=0.1))
    async with exchange.database.change("root") as unit:
        await accounts.delete(unit, acme)
    assert exchange.plays() == {}
    assert not (exchange.home / "sounds" / str(acme)).exists()
    assert not (exchange.home / "music" / str(acme)).exists()


def test_the_usual_music_is_ours_unless_an_operator_put_another_there(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    give_usual_music(settings)
    give_usual_music(settings)
    (file,) = (tmp_path / "home" / "music").iterdir()
    tune = read_wav(file)
    assert tune.seconds > 30
    assert -14 < tune.peak < -12
    file.unlink()
    write_wav(file.with_name("operators.wav"), tone(440, seconds=0.1))
    give_usual_music(settings)
    assert [path.name for path in file.parent.iterdir()] == ["operators.wav"]
