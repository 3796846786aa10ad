"""Sounds and music over HTTP: sent, heard, named, copied to extensions, played on hold (SND-1, MOH-1, QUE-12)."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_world import ApiWorld
from every_route import a_sound

from centrale.accounts.tokens import Scope
from centrale.api.uploads import LARGEST_UPLOAD

MP3 = Path(__file__).parents[1] / "voice" / "tone-440.mp3"


class Administrator:
    """Somebody of one account."""

    def __init__(self, client: httpx.AsyncClient, account: int) -> None:
        self.client = client
        self.path = f"/api/v1/accounts/{account}"

    async def sends(self, what: str = "sounds", file: tuple[str, bytes] | None = None, **form: Any) -> httpx.Response:
        fields = {name: str(value) for name, value in form.items()}
        files = {"file": file or ("hello.wav", a_sound())}
        return await self.client.post(f"{self.path}/{what}", files=files, data=fields)

    async def gets(self, path: str, **query: str) -> Any:
        answer = await self.client.get(f"{self.path}/{path}", params=query)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
async def anna(world: ApiWorld) -> Administrator:
    account = await world.company()
    return Administrator(await world.as_account(account), account)


async def test_an_mp3_is_sent_and_heard_as_telephone_sound(anna: Administrator) -> None:
    sent = await anna.sends(file=("Opening hours.mp3", MP3.read_bytes()), note="Until Christmas")
    assert sent.status_code == 201, sent.text
    sound = sent.json()
    assert (sound["name"], sound["note"], sound["origin"], sound["maker"]) == (
        "Opening hours",
        "Until Christmas",
        "upload",
        "test",
    )
    assert sent.headers["Location"] == f"{anna.path}/sounds/{sound['file']}"
    heard = await anna.client.get(f"{sent.headers['Location']}/audio")
    assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(heard.content)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (8000, 1, 2)
        assert wav.getnframes() / 8000 == pytest.approx(sound["seconds"], abs=0.01)
    part = await anna.client.get(f"{sent.headers['Location']}/audio", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")


async def test_the_newest_sound_comes_first_page_by_page(world: ApiWorld, anna: Administrator) -> None:
    for name in ("One", "Two", "Three"):
        assert (await anna.sends(name=name)).is_success
        world.clock.pass_time(seconds=1)
    page = await anna.gets("sounds", limit="2")
    assert [sound["name"] for sound in page["items"]] == ["Three", "Two"]
    rest = await anna.gets("sounds", limit="2", after=page["next"])
    assert [sound["name"] for sound in rest["items"]] == ["One"]
    assert (await anna.gets("sounds", origin="recording"))["items"] == []


@pytest.mark.parametrize(
    ("file", "code"), [(b"Dear Sir or Madam, " * 50, "not_a_sound"), (b"", "empty"), (a_sound()[:-800], "truncated")]
)
async def test_a_file_that_is_of_no_use_is_refused_with_the_reason(
    world: ApiWorld, anna: Administrator, file: bytes, code: str
) -> None:
    for what in ("sounds", "music"):
        refused = await anna.sends(what, ("letter.wav", file))
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["field"], error["code"]) == (422, "/file", code)
        assert error["message"]
    assert (await anna.gets("sounds"))["items"] == await anna.gets("music") == []
    home = world.services.settings.home
    assert not [path for path in (home / "arriving").rglob("*") if path.is_file()]


async def test_what_is_too_large_is_refused_before_it_is_read(anna: Administrator) -> None:
    headers = {"Content-Length": str(LARGEST_UPLOAD + 1), "Content-Type": "multipart/form-data; boundary=x"}
    refused = await anna.client.post(f"{anna.path}/sounds", headers=headers, content=b"--x")
    assert refused.status_code == 413
    json = await anna.client.post(f"{anna.path}/sounds", json={"file": "x"})
    assert json.status_code == 415
    large = await anna.client.post(f"{anna.path}/extensions", content=b"x" * (3 * 1024 * 1024))
    assert large.status_code == 413, "only where files are sent"


async def test_a_text_becomes_a_sound(anna: Administrator) -> None:
    said = await anna.client.post(
        f"{anna.path}/sounds/speech", json={"text": "Wij zijn gesloten.", "language": "nl", "name": "Closed"}
    )
    assert said.status_code == 201, said.text
    sound = said.json()
    assert (sound["name"], sound["seconds"]) == ("Closed", 0.5)
    assert (await anna.client.get(f"{said.headers['Location']}/audio")).is_success


async def test_a_copy_for_an_extension_lives_on_when_the_original_goes(anna: Administrator) -> None:
    settings = {"text": "We are closed."}
    made = await anna.client.post(
        f"{anna.path}/extensions", json={"number": "400", "kind": "announcement", "name": "Hours", "settings": settings}
    )
    assert made.is_success
    file = (await anna.sends(name="Hours")).json()["file"]
    copied = await anna.client.post(f"{anna.path}/sounds/{file}/copy", json={"extension": "400"})
    assert copied.status_code == 201, copied.text
    copy = copied.json()["file"]
    assert (await anna.gets("extensions/400"))["settings"]["sound"] == copy
    assert (await anna.gets(f"sounds/{copy}/uses"))["items"] == [
        {
            "object_type": "extension",
            "key": "400",
            "field": "settings.sound",
            "kind": "announcement",
            "words": "extension 400, sound",
        }
    ]
    assert (await anna.client.delete(f"{anna.path}/sounds/{file}")).status_code == 204
    assert (await anna.client.get(f"{anna.path}/sounds/{file}/audio")).status_code == 404
    used = await anna.client.delete(f"{anna.path}/sounds/{copy}")
    assert (used.status_code, used.json()["used_by"][0]["key"]) == (409, "400")
    assert (await anna.client.get(f"{anna.path}/sounds/{copy}/audio")).is_success


async def test_a_sound_that_is_not_there_cannot_be_played(anna: Administrator) -> None:
    body = {"number": "400", "kind": "announcement", "name": "Hours", "settings": {"sound": "hours.wav"}}
    refused = await anna.client.post(f"{anna.path}/extensions", json=body)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["field"], error["code"]) == (422, "/settings/sound", "unknown_sound")


async def test_two_administrators_who_rename_a_sound(anna: Administrator) -> None:
    address = (await anna.sends(name="One")).headers["Location"]
    seen = (await anna.client.get(address)).headers["ETag"]
    first = await anna.client.patch(address, json={"name": "Mine"}, headers={"If-Match": seen})
    assert (first.status_code, first.json()["name"]) == (200, "Mine")
    second = await anna.client.patch(address, json={"name": "Yours"}, headers={"If-Match": seen})
    assert second.status_code == 412


async def test_a_playlist_is_filled_ordered_and_emptied(anna: Administrator) -> None:
    files = []
    for name, volume in (("One", -6), ("Two", 0)):
        sent = await anna.sends("music", name=name, volume=volume)
        assert sent.status_code == 201, sent.text
        files.append(sent.json()["file"])
    assert [(piece["name"], piece["volume"]) for piece in await anna.gets("music")] == [("One", -6), ("Two", 0)]
    ordered = await anna.client.put(f"{anna.path}/music/order", json={"files": files[::-1]})
    assert [piece["name"] for piece in ordered.json()] == ["Two", "One"]
    wrong = await anna.client.put(f"{anna.path}/music/order", json={"files": files[:1]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/files")
    assert (await anna.client.get(f"{anna.path}/music/{files[0]}/audio")).is_success
    assert (await anna.client.delete(f"{anna.path}/music/{files[0]}")).status_code == 204
    assert [piece["name"] for piece in await anna.gets("music")] == ["Two"]
    for wrong_form in ({"volume": 40}, {"queue": "500"}, {"queue": "x"}, {"volume": "loud"}):
        assert (await anna.sends("music", **wrong_form)).status_code == 422


async def test_who_may_only_read_sends_nothing(world: ApiWorld) -> None:
    account = await world.company()
    reader = Administrator(await world.as_account(account, Scope.READ), account)
    assert [(await reader.sends(what)).status_code for what in ("sounds", "music")] == [403, 403]
