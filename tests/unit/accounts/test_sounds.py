"""Sounds of an account: kept, listed, described, copied to extensions, deleted when nobody plays them (SND-1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from centrale.accounts import accounts, audit, extensions, references, sound_copies, sound_files, sounds
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.sound_desk import SoundDesk
from centrale.accounts.sounds import Origin, SoundIn, SoundOut
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone

from .conftest import SetClock
from .office import Office, invalid, refused

INFO = ExtensionIn(number="400", kind="announcement", name="Hours", settings={"text": "We are closed."})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "sounds"


def spoken(tmp_path: Path, seconds: float = 0.5) -> Path:
    """What Asterisk, or the converter, has just written."""
    path = tmp_path / "spool" / "take.wav"
    write_wav(path, tone(440, seconds=seconds))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def recording(office: Office, folder: Path, tmp_path: Path, clock: SetClock) -> str:
    async with office.database.change("user 201") as unit:
        return await sounds.keep_recording(
            unit,
            folder,
            office.id,
            spoken(tmp_path),
            name="905, user 201",
            origin="recording",
            maker="user 201",
            now=clock.now(),
        )


async def test_a_recording_is_moved_into_the_accounts_folder_and_listed_with_date_and_maker(
    office: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    first = await recording(office, folder, tmp_path, clock)
    clock.pass_time(minutes=1)
    second = await recording(office, folder, tmp_path, clock)

    assert not (tmp_path / "spool" / "take.wav").exists()
    assert names(folder / str(office.id)) == {first, second}
    listed = await office.see(sounds.list_all)
    assert [sound.file for sound in listed] == [second, first]
    assert (listed[0].maker, listed[0].created, listed[0].origin) == ("user 201", clock.now(), Origin.RECORDING)
    assert listed[0].seconds == pytest.approx(0.5)
    assert await office.see(sounds.list_all, origin=Origin.UPLOAD) == []


async def test_what_is_no_sound_is_not_kept(office: Office, folder: Path, tmp_path: Path, clock: SetClock) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_text("no sound")
    with pytest.raises(ValueError, match="wav"):
        await office.do(sounds.add, folder, broken, name="x", origin=Origin.GREETING, maker="user 201", now=clock.now())
    assert await office.see(sounds.list_all) == []
    assert broken.exists()


async def test_a_sound_gets_a_name_and_a_note(office: Office, folder: Path, tmp_path: Path, clock: SetClock) -> None:
    file = await recording(office, folder, tmp_path, clock)
    changed = await office.do(sounds.change, file, SoundIn(name="Opening hours", note="Said by Anna"))
    assert (changed.name, changed.note) == ("Opening hours", "Said by Anna")
    newest = (await office.see(audit.list_all))[0]
    assert (newest.object_type, newest.object_key, newest.action) == ("sound", file, "change")


async def test_settings_name_only_sounds_that_are_there(
    office: Office, rivals: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    def plays(file: str) -> ExtensionIn:
        return INFO.model_copy(update={"settings": {"sound": file}})

    theirs = await recording(rivals, folder, tmp_path, clock)
    for missing in ("nothing.wav", theirs):
        wrong = await invalid(office.do(extensions.create, plays(missing)))
        assert wrong == {
            "settings.sound": f"there is no sound {missing} in this account; upload or record it first",
        }
    await office.do(extensions.create, plays(await recording(office, folder, tmp_path, clock)))


async def test_a_sound_that_is_played_is_not_deleted(
    office: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    file = await recording(office, folder, tmp_path, clock)
    question = {"question": {"sound": file}}
    await office.do(extensions.create, ExtensionIn(number="700", kind="menu", name="Menu", settings=question))

    conflict = await refused(office.do(sounds.delete, folder, file))
    assert [str(use) for use in conflict.uses] == ["extension 700 (settings.question.sound)"]
    assert await office.see(references.uses_of_sound, file) == list(conflict.uses)
    assert (folder / str(office.id) / file).exists()

    await office.do(extensions.delete, "700")
    await office.do(sounds.delete, folder, file)
    assert not (folder / str(office.id) / file).exists()
    with pytest.raises(NotFound):
        await office.see(sounds.get, file)


async def test_the_file_stays_when_the_deletion_is_not_committed(
    office: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    file = await recording(office, folder, tmp_path, clock)

    async def delete_and_fail() -> None:
        async with office.database.change("anna") as unit:
            await sounds.delete(unit, office.id, folder, file)
            raise KeyError

    with pytest.raises(KeyError):
        await delete_and_fail()
    assert (folder / str(office.id) / file).exists()
    assert (await office.see(sounds.get, file)).file == file


async def copy(office: Office, folder: Path, file: str, to: str, clock: SetClock, field: str | None = None) -> SoundOut:
    return await office.do(sound_copies.copy_to, folder, file, to, field=field, maker="anna", now=clock.now())


async def test_a_copy_lives_on_when_the_original_goes(
    office: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    await office.do(extensions.create, INFO)
    file = await recording(office, folder, tmp_path, clock)
    copied = await copy(office, folder, file, "400", clock)

    assert (copied.origin, copied.name, copied.note) == (Origin.COPY, "905, user 201", "400 sound")
    settings = (await office.see(extensions.get, "400")).settings
    assert (settings["sound"], settings["text"]) == (copied.file, None)
    audio = (folder / str(office.id) / file).read_bytes()
    await office.do(sounds.delete, folder, file)
    assert (folder / str(office.id) / copied.file).read_bytes() == audio
    assert (await office.see(sounds.get, copied.file)).seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("kind", "settings", "field", "place"),
    [
        ("menu", {"question": {"text": "Choose."}}, None, ("question", "sound")),
        ("mailbox", {}, None, ("welcome", "sound")),
        ("dial_by_extension", {}, None, ("question", "sound")),
        ("authentication", {"by": "pin", "destination": "201"}, "refused", ("refused", "sound")),
        ("authentication", {"by": "pin", "destination": "201"}, "welcome", ("welcome", "sound")),
        ("location_routing", {"by": "postcode", "fallback": {"destination": "201"}}, None, ("question", "sound")),
        ("queue", {}, "introduction", ("introduction", "sound")),
        ("queue", {}, "infotainment", ("infotainment", -1)),
    ],
)
async def test_every_kind_that_plays_a_sound_takes_a_copy(
    office: Office,
    folder: Path,
    tmp_path: Path,
    clock: SetClock,
    kind: str,
    settings: dict[str, object],
    field: str | None,
    place: tuple[str, str | int],
) -> None:
    await office.do(extensions.create, ExtensionIn(number="500", kind=kind, name="It", settings=settings))
    file = await recording(office, folder, tmp_path, clock)
    copied = await copy(office, folder, file, "500", clock, field)
    found = (await office.see(extensions.get, "500")).settings
    for part in place:
        found = found[part]
    assert found == copied.file


async def test_a_kind_without_sounds_takes_no_copy(
    office: Office, folder: Path, tmp_path: Path, clock: SetClock
) -> None:
    await office.group("300", "201")
    await office.do(extensions.create, INFO)
    file = await recording(office, folder, tmp_path, clock)
    assert await invalid(copy(office, folder, file, "300", clock)) == {"field": "a group plays no sound"}
    assert await invalid(copy(office, folder, file, "400", clock, "hello")) == {
        "field": "a announcement plays one of: sound"
    }
    assert [sound.file for sound in await office.see(sounds.list_all)] == [file]
    assert names(folder / str(office.id)) == {file}


# -- 905 -------------------------------------------------------------------------------------------------------------


async def test_what_905_recorded_is_kept(office: Office, folder: Path, tmp_path: Path, clock: SetClock) -> None:
    desk = SoundDesk(office.database, folder)
    file = await desk.keep_sound(office.id, spoken(tmp_path), maker="user 201", now=clock.now())
    (kept,) = await office.see(sounds.list_all)
    assert (kept.file, kept.maker, kept.origin) == (file, "user 201", Origin.RECORDING)


async def test_what_cannot_be_kept_now_stays_where_it_is(office: Office, tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / "no-folder").write_text("in the way")
    take = spoken(tmp_path)
    desk = SoundDesk(office.database, tmp_path / "no-folder")
    assert await desk.keep_sound(office.id, take, maker="user 201", now=clock.now()) is None
    assert take.exists()
    assert await office.see(sounds.list_all) == []


# -- the folders, when an exchange starts ----------------------------------------------------------------------------


async def test_sounds_without_a_row_are_taken_up_and_what_is_nobodys_goes(
    office: Office, folder: Path, home: Path, tmp_path: Path, clock: SetClock
) -> None:
    file = await recording(office, folder, tmp_path, clock)
    own = folder / str(office.id)
    write_wav(own / "hours.wav", tone(440, seconds=1.0))
    write_wav(own / "fast.wav", tone(440, seconds=1.0, rate=16000))
    (own / "notes.txt").write_text("not a sound")
    (own / ".copy.wav.1234.part").write_bytes(b"half")
    write_wav(folder / "4711" / "somebody.wav", tone(440, seconds=1.0))
    write_wav(home / "music" / "4711" / "somebody.wav", tone(440, seconds=1.0))
    write_wav(home / "music" / str(office.id) / "left-over.wav", tone(440, seconds=1.0))
    write_wav(home / "music" / "usual.wav", tone(440, seconds=1.0))
    (home / "arriving" / "abc").mkdir(parents=True)
    recordings = home / "asterisk" / "spool" / "recording"
    write_wav(recordings / "sound-1-2-3.wav", tone(440, seconds=1.0))
    write_wav(recordings / "message-1-2-3.wav", tone(440, seconds=1.0))

    await sound_files.tidy(office.database, home)
    await sound_files.tidy(office.database, home)

    found = {sound.file: sound for sound in await office.see(sounds.list_all)}
    assert set(found) == {file, "hours.wav"}
    assert (found["hours.wav"].maker, found["hours.wav"].seconds) == ("found in the folder", 1.0)
    assert names(own) == {file, "hours.wav", "fast.wav", "notes.txt"}
    assert names(folder) == {str(office.id)}
    assert [path.name for path in (home / "music").iterdir() if path.is_file()] == ["usual.wav"]
    assert list((home / "music" / str(office.id)).iterdir()) == []
    assert not (home / "arriving").exists()
    assert names(recordings) == {"message-1-2-3.wav"}, "a message is another's to keep"


async def test_sounds_go_with_their_account(
    database: Database, office: Office, rivals: Office, folder: Path, home: Path, tmp_path: Path, clock: SetClock
) -> None:
    for of in (office, rivals):
        await recording(of, folder, tmp_path, clock)
    await office.do(accounts.delete)
    sound_files.forget_account(home, AccountId(office.id))
    assert names(folder) == {str(rivals.id)}
    assert len(await rivals.see(sounds.list_all)) == 1
