"""One's own extension, for whom it belongs to: own forwards, own calls, own messages (ROLE-1, SYS-11, VM-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from centrale.accounts import extensions, logons, messages, phone_book, records
from centrale.accounts.errors import Invalid
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages import Message
from centrale.accounts.records import ListedRecord
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.api.access import Asking, at_least
from centrale.api.moments import Moment
from centrale.api.pages import Page, Paged, unusable_cursor
from centrale.api.problems import ProblemError, not_found
from centrale.api.resources import messages as of_account
from centrale.api.resources.messages import HeardIn, MessageId
from centrale.api.resources.records import RecordLine
from centrale.api.units import Change, Read, Services
from centrale.kinds.kind import LONGEST_INSIDE
from centrale.kinds.user import UserForwards
from centrale.routing.snapshot import AccountId, ExtensionNumber

router = APIRouter(prefix="/me", tags=["me"])

EVERYBODY = at_least(Role.END_USER)


@dataclass(frozen=True, slots=True)
class Own:
    """The user extension of who asks."""

    account: AccountId
    number: ExtensionNumber


async def _own(principal: Asking) -> Own:
    if principal.account is None or principal.extension is None:
        detail = "You have no user extension of your own. Your administrator can choose one for you."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="no-extension")
    return Own(principal.account, principal.extension)


OwnExtension = Annotated[Own, Depends(_own)]


class OwnDevice(BaseModel):
    """A phone that one is logged on to."""

    channel: str = Field(title="Channel")
    linked: bool = Field(title="Linked by an administrator")


class Myself(BaseModel):
    """One's own extension."""

    account: int = Field(title="Account")
    number: str = Field(title="Number")
    name: str = Field(title="Name")
    forwards: UserForwards = Field(title="Forwards")
    new_messages: int = Field(title="New messages")
    devices: list[OwnDevice] = Field(title="Logged on to")


@router.get("/extension", openapi_extra=EVERYBODY, summary="One's own extension")
async def get_own_extension(unit: Read, own: OwnExtension) -> Myself:
    """With its forwards, and where one is logged on."""
    return await _myself(unit, own)


@router.put("/forwards", openapi_extra=EVERYBODY, summary="Set one's own forwards")
async def set_own_forwards(unit: Change, own: OwnExtension, data: UserForwards) -> Myself:
    """All of them at once, as 910 does by telephone; a saved expectation that this breaks does not stop it."""
    unit.despite_expectations = True
    await unit.lock(own.account)
    stored = await extensions.get(unit, own.account, own.number)
    wanted = {**stored.settings, "forwards": data.model_dump(mode="json")}
    changed = ExtensionIn(number=stored.number, kind=stored.kind, name=stored.name, settings=wanted)
    await extensions.change(unit, own.account, own.number, changed)
    return await _myself(unit, own)


@router.get("/records", openapi_extra=EVERYBODY, response_model=Page[RecordLine], summary="One's own calls")
async def list_own_records(
    unit: Read,
    own: OwnExtension,
    paging: Paged,
    since: Annotated[Moment | None, Query(title="Began at or after")] = None,
    until: Annotated[Moment | None, Query(title="Began before")] = None,
) -> Response:
    """Newest first: those that one made, got or answered."""
    try:
        found = await records.list_all(
            unit,
            own.account,
            since=since,
            until=until,
            extension=own.number,
            cursor=paging.after or None,
            limit=paging.limit,
        )
    except Invalid as error:
        raise unusable_cursor() from error
    called = await phone_book.names_for(unit, own.account, own.number, {it.caller for it in found.records})
    return paging.answer_given((it._asdict() | _named(it, called) for it in found.records), found.next)


@router.get("/messages", openapi_extra=EVERYBODY, summary="One's own voicemail")
async def list_own_messages(
    unit: Read,
    own: OwnExtension,
    paging: Paged,
    new: Annotated[bool | None, Query(title="Only new ones, or only heard ones")] = None,
) -> Page[Message]:
    """Newest first."""
    try:
        found = await messages.list_all(
            unit, own.account, own.number, new=new, cursor=paging.after or None, limit=paging.limit
        )
    except Invalid as error:
        raise unusable_cursor() from error
    called = await phone_book.names_for(unit, own.account, own.number, {it.caller for it in found.messages})
    return paging.given([it.model_copy(update=_named(it, called)) for it in found.messages], found.next)


@router.get(
    "/messages/{message}/audio",
    openapi_extra=EVERYBODY,
    summary="The sound of one's own message",
    response_class=FileResponse,
    responses={200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_own_message_audio(unit: Read, own: OwnExtension, message: MessageId, services: Services) -> FileResponse:
    """A WAV of 8 kHz, mono, 16 bits. It is not marked as heard."""
    await _own_message(unit, own, message)
    return await of_account.get_message_audio(unit, own.account, message, services)


@router.put("/messages/{message}/heard", openapi_extra=EVERYBODY, summary="Mark one's own message as heard, or as new")
async def set_own_message_heard(
    unit: Change, own: OwnExtension, message: MessageId, data: HeardIn, services: Services
) -> Message:
    """What listening to it by phone does."""
    await _own_message(unit, own, message)
    return await of_account.set_message_heard(unit, own.account, message, data, services)


@router.delete(
    "/messages/{message}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=EVERYBODY,
    summary="Delete one's own message",
)
async def delete_own_message(unit: Change, own: OwnExtension, message: MessageId) -> None:
    """With its sound, for good."""
    await _own_message(unit, own, message)
    await of_account.delete_message(unit, own.account, message)


def _named(thing: ListedRecord | Message, called: Mapping[str, str]) -> dict[str, str]:
    """The caller's name as one's own contacts have it, which nobody else is shown (ACC-7)."""
    inside = len(thing.caller) <= LONGEST_INSIDE
    return {} if inside or thing.caller not in called else {"caller_name": called[thing.caller]}


async def _own_message(unit: Unit, own: Own, id: str) -> None:
    """Of a colleague's message one learns as much as of one that is not there."""
    if (await messages.get(unit, own.account, id)).mailbox != own.number:
        raise not_found(f"message {id}")


async def _myself(unit: Unit, own: Own) -> Myself:
    stored = await extensions.get(unit, own.account, own.number)
    devices = [it for it in await logons.list_all(unit, own.account) if it.user == own.number]
    return Myself(
        account=own.account,
        number=stored.number,
        name=stored.name,
        forwards=UserForwards.model_validate(stored.settings.get("forwards", {})),
        new_messages=await messages.new_count(unit, own.account, own.number),
        devices=[OwnDevice(channel=it.channel, linked=it.linked) for it in devices],
    )
