"""Playlists of music on hold: the account's and each queue's (MOH-1, QUE-12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from centrale.accounts import extensions, music
from centrale.accounts.errors import NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.music import MusicIn, MusicOut
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone

from .conftest import SetClock
from .office import Office, invalid, refused

QUEUE = ExtensionIn(number="500", kind="queue", name="Sales")


class Jukebox:
    """Somebody who uploads music for an office."""

    def __init__(self, office: Office, folder: Path, clock: SetClock) -> None:
        self.office = office
        self.folder = folder
        self._clock = clock

    async def add(self, name: str, queue: str = "") -> MusicOut:
        piece = self.folder.parent / "arriving.wav"
        write_wav(piece, tone(440, seconds=0.5))
        return await self.office.do(
            music.add, self.folder, piece, queue=queue, name=name, volume=-6, now=self._clock.now()
        )

    async def names(self, queue: str | None = "") -> list[str]:
        return [piece.name for piece in await self.office.see(music.list_all, queue)]


@pytest.fixture
def jukebox(office: Office, tmp_path: Path, clock: SetClock) -> Jukebox:
    return Jukebox(office, tmp_path / "music", clock)


async def test_pieces_play_in_the_order_of_their_coming_or_in_another(jukebox: Jukebox) -> None:
    first, second, third = [await jukebox.add(name) for name in ("One", "Two", "Three")]
    assert await jukebox.names() == ["One", "Two", "Three"]
    assert (first.position, third.position, second.volume, second.seconds) == (1, 3, -6, 0.5)
    ordered = await jukebox.office.do(music.put_in_order, "", [third.file, first.file, second.file])
    assert [(piece.name, piece.position) for piece in ordered] == [("Three", 1), ("One", 2), ("Two", 3)]
    for wrong in ([first.file], [first.file, first.file, second.file], [*(p.file for p in ordered), "x.wav"]):
        assert list(await invalid(jukebox.office.do(music.put_in_order, "", wrong))) == ["files"]
    assert await jukebox.names() == ["Three", "One", "Two"]


async def test_a_piece_is_renamed_and_deleted_with_its_file(jukebox: Jukebox) -> None:
    piece = await jukebox.add("One")
    file = jukebox.folder / str(jukebox.office.id) / piece.file
    assert file.exists()
    assert (await jukebox.office.do(music.change, piece.file, MusicIn(name="Piano"))).name == "Piano"
    await jukebox.office.do(music.delete, jukebox.folder, piece.file)
    assert not file.exists()
    with pytest.raises(NotFound):
        await jukebox.office.see(music.get, piece.file)


async def test_a_queue_has_a_playlist_of_its_own_which_goes_with_it(jukebox: Jukebox) -> None:
    await jukebox.office.do(extensions.create, QUEUE)
    await jukebox.add("Ours")
    await jukebox.add("Theirs", "500")
    assert await jukebox.names() == ["Ours"]
    assert await jukebox.names("500") == ["Theirs"]
    assert await jukebox.names(None) == ["Ours", "Theirs"]
    for nobody in ("501", "201"):
        assert list(await invalid(jukebox.add("x", nobody))) == ["queue"]
    await jukebox.office.do(extensions.delete, "500")
    await jukebox.office.do(extensions.delete, "202")
    assert await jukebox.names(None) == ["Ours"]


async def test_a_playlist_is_full_one_day(jukebox: Jukebox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music, "AT_MOST", 1)
    await jukebox.add("One")
    conflict = await refused(jukebox.add("Two"))
    assert "pieces at most" in str(conflict)


async def test_another_account_sees_and_touches_nothing_of_it(jukebox: Jukebox, rivals: Office) -> None:
    piece = await jukebox.add("Ours")
    assert await rivals.see(music.list_all, None) == []
    for attempt in (
        rivals.do(music.delete, jukebox.folder, piece.file),
        rivals.do(music.change, piece.file, MusicIn(name="Mine")),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert list(await invalid(rivals.do(music.put_in_order, "", [piece.file]))) == ["files"]
    async with jukebox.office.database.read() as unit:
        assert await music.playlists(unit, [rivals.id]) == {}
        assert await music.playlists(unit, None) == {jukebox.office.id: {"": [piece.file]}}
