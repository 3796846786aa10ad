"""Music on hold: the account's playlist (MOH-1), and those of queues (QUE-12)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import Field

from centrale.accounts import music
from centrale.accounts.fields import Input, Name
from centrale.accounts.music import MusicIn, MusicOut, Volume
from centrale.api.access import Asking, OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.resources.sounds import WAV, audio
from centrale.api.units import AccountChange, Read, Services
from centrale.api.uploads import converted, name_of

router = APIRouter(prefix="/accounts/{account}/music", tags=["music"])
uploads = APIRouter(prefix="/accounts/{account}/music", tags=["music"])
"""What takes a form instead of JSON."""

MusicFile = Annotated[str, Path(pattern=r"^[\w-]{1,80}\.wav$", title="The piece's file")]
QueueOrNone = r"^([0-9]{2,5})?$"


class OrderIn(Input):
    """A playlist, whole."""

    queue: str = Field(default="", pattern=QueueOrNone, title="Queue", description="The account's playlist if empty.")
    files: list[str] = Field(max_length=music.AT_MOST, title="Files", description="In the order in which they play.")


@router.get("", summary="Show a playlist")
async def list_music(
    unit: Read,
    account: OwnAccount,
    queue: Annotated[str, Query(pattern=QueueOrNone, title="Of this queue; else the account's")] = "",
) -> list[MusicOut]:
    """In the order in which it plays, again and again."""
    return await music.list_all(unit, account, queue)


@uploads.post("", status_code=HTTPStatus.CREATED, summary="Upload music")
async def upload_music(
    services: Services,
    principal: Asking,
    account: OwnAccount,
    request: Request,
    response: Response,
    file: Annotated[UploadFile, File(title="Sound", description="mp3, wav, flac or ogg: 30 MB, 30 minutes at most.")],
    name: Annotated[Name | None, Form(title="Name", description="That of the file if empty.")] = None,
    volume: Annotated[Volume, Form(title="Volume (dB)", description="Louder or softer than it is.")] = 0.0,
    queue: Annotated[str, Form(pattern=QueueOrNone, title="Queue", description="The account's if empty.")] = "",
) -> MusicOut:
    """At the end of the playlist. Whoever is put on hold next hears it."""
    async with services.database.read() as unit:
        await music.check_room(unit, account, queue)
    async with converted(services, file, gain=volume) as piece, services.database.change(principal.actor) as unit:
        made = await music.add(
            unit,
            account,
            services.music,
            piece,
            queue=queue,
            name=name_of(name, file),
            volume=volume,
            now=services.clock.now(),
        )
    return created(response, request, made, made.file)


@router.put("/order", summary="Put a playlist in order")
async def order_music(unit: AccountChange, account: OwnAccount, data: OrderIn) -> list[MusicOut]:
    """Name each of its pieces once."""
    return await music.put_in_order(unit, account, data.queue, data.files)


@router.get("/{file}", summary="Show a piece of music")
async def get_music(unit: Read, account: OwnAccount, file: MusicFile, response: Response) -> MusicOut:
    return versioned(response, await music.get(unit, account, file))


@router.get("/{file}/audio", summary="Hear a piece of music", responses=WAV, response_class=FileResponse)
async def hear_music(unit: Read, services: Services, account: OwnAccount, file: MusicFile) -> FileResponse:
    """As WAV; parts of it by Range."""
    known = await music.get(unit, account, file)
    return await audio(services.music, account, known.file)


@router.patch("/{file}", openapi_extra=patch_of(MusicIn), summary="Change a piece of music")
async def change_music(
    unit: AccountChange, account: OwnAccount, file: MusicFile, patch: MergePatch, if_match: IfMatch, response: Response
) -> MusicOut:
    """Its name. For another volume, upload it again."""
    stored = await music.get(unit, account, file)
    if_match.holds_for(stored)
    return versioned(response, await music.change(unit, account, file, merged(MusicIn, stored, patch)))


@router.delete("/{file}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a piece of music")
async def delete_music(
    unit: AccountChange, services: Services, account: OwnAccount, file: MusicFile, if_match: IfMatch
) -> None:
    """Whoever hears it already hears it to its end."""
    if_match.holds_for(await music.get(unit, account, file))
    await music.delete(unit, account, services.music, file)
