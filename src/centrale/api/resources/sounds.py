"""Sounds: uploads, recordings of 905, greetings; and copies of them for extensions (SND-1)."""

from __future__ import annotations

import asyncio
import shutil
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import Field

from centrale.accounts import references, sound_copies, sounds
from centrale.accounts.errors import NotFound, Use
from centrale.accounts.fields import Digits, Input, Language, Name
from centrale.accounts.sounds import Note, Origin, SoundIn, SoundOut, file_of
from centrale.api.access import Asking, OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.naming import in_words
from centrale.api.pages import Page, Paged
from centrale.api.problems import ProblemError
from centrale.api.speaking import Spoken
from centrale.api.units import AccountChange, Read, Services
from centrale.api.uploads import arriving, converted, name_of
from centrale.kinds.kind import PARAGRAPH, SpokenText
from centrale.voice.speaker import SpeechUnavailable

router = APIRouter(prefix="/accounts/{account}/sounds", tags=["sounds"])
uploads = APIRouter(prefix="/accounts/{account}/sounds", tags=["sounds"])
"""What takes a form instead of JSON."""

SoundFile = Annotated[str, Path(pattern=r"^[\w-]{1,80}\.wav$", title="The sound's file")]

WAV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The sound: WAV, 8 kHz, mono, 16 bits."}
}
"""`responses` of an operation that gives a sound."""


class SpeechIn(Input):
    """Words to be spoken by the exchange's own voice."""

    text: SpokenText = Field(title="Text", json_schema_extra=PARAGRAPH)
    language: Language = Field(title="Language")
    name: Name = Field(title="Name")
    note: Note = Field(default="", title="Note")


class SoundCopyIn(Input):
    """Which extension is to play it."""

    extension: Digits = Field(title="Extension")
    field: str | None = Field(
        default=None, max_length=100, title="Which of its sounds", description="Such as welcome; the first if empty."
    )


@router.get("", summary="List the sounds")
async def list_sounds(
    unit: Read,
    account: OwnAccount,
    paging: Paged,
    origin: Annotated[Origin | None, Query(title="Of this origin only")] = None,
) -> Page[SoundOut]:
    """Newest first."""
    return paging.cut(await sounds.list_all(unit, account, origin=origin), _newest_first)


@uploads.post("", status_code=HTTPStatus.CREATED, summary="Upload a sound")
async def upload_sound(
    services: Services,
    principal: Asking,
    account: OwnAccount,
    request: Request,
    response: Response,
    file: Annotated[UploadFile, File(title="Sound", description="mp3, wav, flac or ogg: 30 MB, 30 minutes at most.")],
    name: Annotated[Name | None, Form(title="Name", description="That of the file if empty.")] = None,
    note: Annotated[Note, Form(title="Note")] = "",
) -> SoundOut:
    """It becomes 8 kHz, mono, 16 bits, as loud as it was."""
    async with converted(services, file) as sound, services.database.change(principal.actor) as unit:
        made = await sounds.add(
            unit,
            account,
            services.sounds,
            sound,
            name=name_of(name, file),
            note=note,
            origin=Origin.UPLOAD,
            maker=principal.name,
            now=services.clock.now(),
        )
    return created(response, request, made, made.file)


@router.post("/speech", status_code=HTTPStatus.CREATED, summary="Have a text spoken, as a sound")
async def speak_sound(
    services: Services, principal: Asking, account: OwnAccount, data: SpeechIn, request: Request, response: Response
) -> SoundOut:
    """By the exchange's own voice. 503 when it cannot speak now."""
    if services.prompts is None:
        raise _speechless("there is no voice here")
    try:
        spoken = await services.prompts.speech(data.text, data.language)
    except SpeechUnavailable as problem:
        raise _speechless(str(problem)) from problem
    async with arriving(services) as place:
        await asyncio.to_thread(shutil.copyfile, spoken.with_name(f"{spoken.name}.wav"), place / "sound.wav")
        async with services.database.change(principal.actor) as unit:
            made = await sounds.add(
                unit,
                account,
                services.sounds,
                place / "sound.wav",
                name=data.name,
                note=data.note,
                origin=Origin.UPLOAD,
                maker=principal.name,
                now=services.clock.now(),
            )
    response.headers["Location"] = f"{request.url.path.removesuffix('/speech')}/{made.file}"
    return versioned(response, made)


@router.get("/{file}", summary="Show a sound")
async def get_sound(unit: Read, account: OwnAccount, file: SoundFile, response: Response) -> SoundOut:
    return versioned(response, await sounds.get(unit, account, file))


@router.get("/{file}/audio", summary="Hear a sound", responses=WAV, response_class=FileResponse)
async def hear_sound(unit: Read, services: Services, account: OwnAccount, file: SoundFile) -> FileResponse:
    """As WAV; parts of it by Range."""
    known = await sounds.get(unit, account, file)
    return await audio(services.sounds, account, known.file)


@router.patch("/{file}", openapi_extra=patch_of(SoundIn), summary="Change a sound")
async def change_sound(
    unit: AccountChange, account: OwnAccount, file: SoundFile, patch: MergePatch, if_match: IfMatch, response: Response
) -> SoundOut:
    """Its name and its note."""
    stored = await sounds.get(unit, account, file)
    if_match.holds_for(stored)
    return versioned(response, await sounds.change(unit, account, file, merged(SoundIn, stored, patch)))


@router.delete("/{file}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a sound")
async def delete_sound(
    unit: AccountChange, services: Services, account: OwnAccount, file: SoundFile, if_match: IfMatch
) -> None:
    """409 with `used_by` while an extension plays it. Copies of it stay."""
    if_match.holds_for(await sounds.get(unit, account, file))
    await sounds.delete(unit, account, services.sounds, file)


@router.get("/{file}/uses", summary="Where a sound is played")
async def uses_of_sound(unit: Read, account: OwnAccount, file: SoundFile, language: Spoken, paging: Paged) -> Page[Use]:
    await sounds.get(unit, account, file)
    return paging.cut(in_words(await references.uses_of_sound(unit, account, file), language), str)


@router.post("/{file}/copy", status_code=HTTPStatus.CREATED, summary="Copy a sound to an extension")
async def copy_sound(
    unit: AccountChange,
    services: Services,
    principal: Asking,
    account: OwnAccount,
    file: SoundFile,
    data: SoundCopyIn,
    request: Request,
    response: Response,
) -> SoundOut:
    """The extension plays the copy from its next call on, also when this sound is deleted (SND-1)."""
    made = await sound_copies.copy_to(
        unit,
        account,
        services.sounds,
        file,
        data.extension,
        field=data.field,
        maker=principal.name,
        now=services.clock.now(),
    )
    response.headers["Location"] = f"{request.url.path.removesuffix(f'/{file}/copy')}/{made.file}"
    return versioned(response, made)


async def audio(folder: FilePath, account: OwnAccount, file: str) -> FileResponse:
    """The file itself; 404 when the disk has lost it."""
    path = file_of(folder, account, file)
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("sound file", file)
    return FileResponse(path, media_type="audio/wav", filename=file)


def _newest_first(sound: SoundOut) -> str:
    """Pages are in the order of their keys."""
    return f"{10**15 - int(sound.created.timestamp() * 1000):016}{sound.file}"


def _speechless(problem: str) -> ProblemError:
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, f"The text cannot be spoken now: {problem}.")
