"""Sounds and music in account files, with their audio in a folder beside (SND-1, MOH-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from centrale.accounts import extensions, music, sounds, transfer, transfer_audio
from centrale.accounts.account_file import BadFile
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.sounds import Origin
from centrale.accounts.transfer_audio import Audio
from centrale.accounts.transfer_steps import _Steps
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone

from .conftest import SetClock
from .office import Office
from .transfers import Transfers, edited, told


class Moving:
    """An account whose sounds move: the home of an exchange, and a folder beside the file."""

    def __init__(self, office: Office, root: Path, clock: SetClock) -> None:
        self.office = office
        self.home, self.beside = root / "home", root / "acme.audio"
        self._clock = clock

    async def sound(self, name: str, frequency: float = 440) -> str:
        write_wav(self.home / "take.wav", tone(frequency, seconds=0.2))
        added = await self.office.do(
            sounds.add,
            self.home / "sounds",
            self.home / "take.wav",
            name=name,
            note="A note",
            origin=Origin.RECORDING,
            maker="user 201",
            now=self._clock.now(),
        )
        self._clock.pass_time(seconds=1)
        return added.file

    async def piece(self, name: str, queue: str = "") -> str:
        write_wav(self.home / "take.wav", tone(600, seconds=0.2))
        folder = self.home / "music"
        take, now = self.home / "take.wav", self._clock.now()
        return (await self.office.do(music.add, folder, take, queue=queue, name=name, volume=-3, now=now)).file

    async def out(self) -> str:
        async with self.office.database.read() as unit:
            await transfer_audio.export_audio(unit, self.office.id, self.home, self.beside)
            return await transfer.export(unit, self.office.id)

    def audio(self, home: Path | None = None) -> Audio:
        return Audio(beside=self.beside, home=home or self.home)

    async def into(self, text: str, home: Path | None = None) -> AccountId:
        database, audio = self.office.database, self.audio(home)
        plan = await transfer.rehearse(database, "anna", text, audio=audio)
        return await transfer.perform(database, "anna", text, None, plan, audio=audio)

    async def plan(self, text: str, audio: Audio | None = None) -> transfer.ImportPlan:
        return await transfer.rehearse(self.office.database, "anna", text, audio=audio or self.audio())


@pytest.fixture
async def moving(office: Office, tmp_path: Path, clock: SetClock) -> Moving:
    moving = Moving(office, tmp_path, clock)
    hours = await moving.sound("Hours")
    await moving.sound("Spare")
    await office.do(
        extensions.create,
        ExtensionIn(number="400", kind="announcement", name="Hours", settings={"sound": hours}),
    )
    await office.do(extensions.create, ExtensionIn(number="500", kind="queue", name="Sales"))
    await moving.piece("One")
    await moving.piece("Two")
    await moving.piece("Theirs", "500")
    return moving


def as_a_copy(text: str) -> str:
    def edit(data: dict[str, Any]) -> None:
        data["account"] |= {"number": "101", "name": "Acme South"}

    return edited(text, edit)


def audio_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_nothing_is_lost_on_the_way_to_another_account(moving: Moving) -> None:
    text = await moving.out()
    id = await moving.into(as_a_copy(text))

    copy = Moving(Office(moving.office.database, id), moving.home.parent / "copy", moving._clock)
    copy.home = moving.home
    there = yaml.safe_load(await copy.out())
    here = yaml.safe_load(text)
    assert there["sounds"] == here["sounds"]
    assert there["music"] == here["music"]
    assert [(it["name"], it["maker"], it["note"]) for it in here["sounds"]] == [
        ("Hours", "user 201", "A note"),
        ("Spare", "user 201", "A note"),
    ]
    assert [(it["name"], it["queue"], it["volume"]) for it in here["music"]] == [
        ("One", "", -3.0),
        ("Two", "", -3.0),
        ("Theirs", "500", -3.0),
    ]
    for kind in ("sounds", "music"):
        assert audio_of(moving.home / kind / str(id)) == audio_of(moving.home / kind / str(moving.office.id))
    settings = (await copy.office.see(extensions.get, "400")).settings
    assert settings["sound"] == here["sounds"][0]["file"]
    assert (await moving.plan(as_a_copy(text))).changes == ()


async def test_an_exported_account_imported_again_changes_nothing_and_needs_no_audio(moving: Moving) -> None:
    text = await moving.out()
    nowhere = Audio(beside=None, home=None)
    assert (await moving.plan(text, nowhere)).changes == ()


async def test_names_order_and_what_is_left_out_follow_the_file(moving: Moving) -> None:
    text = await moving.out()

    def edit(data: dict[str, Any]) -> None:
        del data["sounds"][1]
        data["sounds"][0]["name"] = "Opening hours"
        data["music"][:2] = data["music"][1::-1]
        del data["music"][2]

    changed = edited(text, edit)
    plan = await moving.plan(changed)
    assert [(action, what.split()[0]) for action, what, _ in told(plan)] == [
        ("change", "sound"),
        ("delete", "sound"),
        ("change", "music"),
        ("change", "music"),
        ("delete", "music"),
    ]
    await moving.into(changed)
    assert [it.name for it in await moving.office.see(sounds.list_all)] == ["Opening hours"]
    assert [it.name for it in await moving.office.see(music.list_all, None)] == ["Two", "One"]
    assert len(audio_of(moving.home / "sounds" / str(moving.office.id))) == 1
    assert len(audio_of(moving.home / "music" / str(moving.office.id))) == 2
    assert (await moving.plan(changed)).changes == ()


async def test_a_file_without_the_lists_leaves_sounds_and_music_alone(moving: Moving) -> None:
    def edit(data: dict[str, Any]) -> None:
        del data["sounds"], data["music"]

    assert (await moving.plan(edited(await moving.out(), edit))).changes == ()


@pytest.mark.parametrize("kind", ["sounds", "music"])
async def test_audio_that_is_missing_or_no_sound_is_told_at_its_place(moving: Moving, kind: str) -> None:
    text = as_a_copy(await moving.out())
    file = moving.beside / kind / yaml.safe_load(text)[kind][0]["file"]
    file.write_bytes(b"no sound")
    with pytest.raises(BadFile, match="is no WAV") as no_sound:
        await moving.plan(text)
    file.unlink()
    with pytest.raises(BadFile, match="--with-audio") as missing:
        await moving.plan(text)
    for refusal in (no_sound, missing):
        assert [it.path for it in refusal.value.problems] == [f"{kind}[0].file"]


async def test_a_sound_that_the_file_does_not_have_cannot_be_played(moving: Moving, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        del data["sounds"][0]
        data["music"][2]["queue"] = "201"

    text = await moving.out()
    gone = yaml.safe_load(text)["sounds"][0]["file"]
    problems = await files.problems(edited(text, edit))
    assert sorted(problems.values()) == ["extension 201 is not a queue", f"there is no sound {gone} in this file"]


async def test_an_import_that_fails_at_its_last_step_leaves_no_audio_behind(
    moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = as_a_copy(await moving.out())
    plan = await moving.plan(text)

    async def fail(*_: object) -> None:
        raise KeyError("at the end")

    monkeypatch.setattr(_Steps, "_put_expectations", fail)
    before = {path.name for path in (moving.home / "sounds").iterdir()}
    with pytest.raises(KeyError):
        await transfer.perform(moving.office.database, "anna", text, None, plan, audio=moving.audio())
    left = [path for path in (moving.home / "sounds").rglob("*.wav") if path.parent.name not in before]
    assert left == []


async def test_a_rehearsal_copies_nothing(moving: Moving) -> None:
    text = as_a_copy(await moving.out())
    await moving.plan(text)
    assert [path.name for path in (moving.home / "sounds").iterdir()] == [str(moving.office.id)]
