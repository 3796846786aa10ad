"""Messages that callers left in mailboxes and for users (VM-4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from centrale.accounts import extensions, messages
from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.accounts.messages import Message
from centrale.api.access import OwnAccount
from centrale.api.pages import Page, Paged, unusable_cursor
from centrale.api.problems import not_found
from centrale.api.resources.extensions import Number
from centrale.api.units import Change, Read, Services
from centrale.routing.snapshot import ExtensionNumber

router = APIRouter(prefix="/accounts/{account}", tags=["messages"])

MessageId = Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,64}$", title="Message's id")]


class HeardIn(Input):
    """Whether somebody has heard it."""

    heard: bool = Field(title="Heard", description="False makes it new again: the lamp goes on (VM-4).")


@router.get("/extensions/{number}/messages", summary="List the messages of a mailbox")
async def list_messages(
    unit: Read,
    account: OwnAccount,
    number: Number,
    paging: Paged,
    new: Annotated[bool | None, Query(title="Only new ones, or only heard ones")] = None,
) -> Page[Message]:
    """Newest first; also of a user's personal voicemail (VM-6)."""
    await extensions.get(unit, account, number)
    mailbox = ExtensionNumber(number)
    try:
        found = await messages.list_all(
            unit, account, mailbox, new=new, cursor=paging.after or None, limit=paging.limit
        )
    except Invalid as error:
        raise unusable_cursor() from error
    return paging.given(found.messages, found.next)


@router.get("/messages/{message}", summary="Show a message")
async def get_message(unit: Read, account: OwnAccount, message: MessageId) -> Message:
    """Without its sound."""
    return await messages.get(unit, account, message)


@router.get(
    "/messages/{message}/audio",
    summary="The sound of a message",
    response_class=FileResponse,
    responses={200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_message_audio(unit: Read, account: OwnAccount, message: MessageId, services: Services) -> FileResponse:
    """A WAV of 8 kHz, mono, 16 bits. Parts of it are given for a Range header. It is not marked as heard."""
    await messages.get(unit, account, message)
    file = messages.file_of(services.settings.home, account, message)
    if not await run_in_threadpool(file.is_file):
        raise not_found(f"sound of message {message}")
    return FileResponse(file, media_type="audio/wav", filename=f"{message}.wav")


@router.put("/messages/{message}/heard", summary="Mark a message as heard, or as new")
async def set_message_heard(
    unit: Change, account: OwnAccount, message: MessageId, data: HeardIn, services: Services
) -> Message:
    """What listening to it by phone does."""
    before = await messages.get(unit, account, message)
    after = await messages.set_heard(unit, account, message, services.clock.now() if data.heard else None)
    if after != before:
        heard = {"heard": data.heard, "mailbox": after.mailbox}
        await unit.audit(account, "change", "message", message, before={"heard": not data.heard}, after=heard)
    return after


@router.delete("/messages/{message}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a message")
async def delete_message(unit: Change, account: OwnAccount, message: MessageId) -> None:
    """With its sound, for good."""
    gone = await messages.delete(unit, account, message)
    await unit.audit(account, "delete", "message", message, before=gone.model_dump(mode="json"))
