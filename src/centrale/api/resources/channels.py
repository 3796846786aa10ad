"""VoIP channels: one SIP registration each (CHN-1, LNK-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field, SecretStr

from centrale.accounts import channels
from centrale.accounts.channels import ChannelIn, ChannelOut, Listed
from centrale.accounts.vault import strong_password
from centrale.api.access import OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, version_of
from centrale.api.pages import Page, Paged
from centrale.api.services import ApiServices
from centrale.api.units import AccountChange, Read, Services
from centrale.routing.snapshot import ChannelName

router = APIRouter(prefix="/accounts/{account}/channels", tags=["channels"])

Name = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{1,38}[A-Za-z0-9]$", title="Channel name")]


class ChannelShown(ChannelOut):
    """A channel, and whether its phone is there now."""

    registered: bool | None = Field(
        title="Registered", description="Is a phone registered on it now? Empty when the switch cannot tell."
    )


class RegisteredPhone(BaseModel):
    """The phone that is registered on a channel."""

    program: str = Field(title="Program", description="What the phone calls itself: make, type, version.")
    address: str = Field(title="Address", description="Where its packets come from.")
    own_address: str = Field(title="Its own address", description="Where it says that it is; differs behind a router.")
    transport: str = Field(title="Transport")
    since: datetime | None = Field(title="Registered since", description="Empty when it was there before we began.")
    until: datetime = Field(title="Registered until", description="It registers again before.")


class SipServer(BaseModel):
    """What to type into a phone, but for its password."""

    server: str = Field(title="Registrar and domain")
    port: int = Field(title="Port")
    transports: list[str] = Field(title="Transports")
    user: str = Field(title="User name")


class SipAccess(SipServer):
    """What to type into a phone. The password is shown now and never again."""

    password: str = Field(title="Password")


class ChannelDevice(BaseModel):
    """A channel's phone, and what a phone needs for this channel."""

    registered: bool | None = Field(title="Registered", description="Empty when the switch cannot tell.")
    phone: RegisteredPhone | None = Field(title="Its phone")
    sip: SipServer = Field(title="For the phone")


class ChannelCreated(ChannelShown):
    """A new channel with what its phone needs."""

    sip: SipAccess = Field(title="For the phone")


@router.get("", response_model=Page[ChannelShown], summary="List the channels")
async def list_channels(unit: Read, account: OwnAccount, paging: Paged, services: Services) -> Response:
    """By name."""
    found = await channels.listed(unit, account, after=paging.after, limit=paging.fetch)
    there = await _registered(services, [channel.name for channel in found])

    def shown(channel: Listed) -> dict[str, Any]:
        return {**channel._asdict(), "registered": None if there is None else channel.name in there}

    return paging.answer(found, lambda channel: channel.name, shown)


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a channel")
async def create_channel(
    unit: AccountChange,
    account: OwnAccount,
    data: ChannelIn,
    services: Services,
    request: Request,
    response: Response,
) -> ChannelCreated:
    """Its phone can register as soon as this is answered. `sip` is shown this once."""
    made = await channels.create(unit, account, data)
    created(response, request, made, made.name)
    sip = _access(services, request, made.name, await channels.password_of(unit, account, made.name))
    return ChannelCreated(**(await _shown(services, made)).model_dump(), sip=sip)


@router.get("/{name}", summary="Show a channel")
async def get_channel(
    unit: Read, account: OwnAccount, name: Name, services: Services, response: Response
) -> ChannelShown:
    return await _answered(services, response, await channels.get(unit, account, name))


@router.get("/{name}/device", summary="Show a channel's phone")
async def get_channel_device(
    unit: Read, account: OwnAccount, name: Name, services: Services, request: Request
) -> ChannelDevice:
    """Which phone is registered, from where, since when and until when; and how to set one up."""
    stored = await channels.get(unit, account, name)
    found = None if services.device_on is None else await asyncio.to_thread(services.device_on, ChannelName(name))
    return ChannelDevice(
        registered=(await _shown(services, stored)).registered,
        phone=None if found is None else RegisteredPhone.model_validate(found, from_attributes=True),
        sip=_server(services, request, name),
    )


@router.patch("/{name}", openapi_extra=patch_of(ChannelIn), summary="Change a channel")
async def change_channel(
    unit: AccountChange,
    account: OwnAccount,
    name: Name,
    patch: MergePatch,
    if_match: IfMatch,
    services: Services,
    response: Response,
) -> ChannelShown:
    """Its name stays: phones know it."""
    stored = await channels.get(unit, account, name)
    if_match.holds_for(stored)
    changed = await channels.change(unit, account, name, merged(ChannelIn, stored, patch))
    return await _answered(services, response, changed)


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a channel")
async def delete_channel(unit: AccountChange, account: OwnAccount, name: Name, if_match: IfMatch) -> None:
    """Whoever is logged on there is logged off."""
    if_match.holds_for(await channels.get(unit, account, name))
    await channels.delete(unit, account, name)


@router.post("/{name}/password", summary="Make a new password")
async def new_password(
    unit: AccountChange, account: OwnAccount, name: Name, services: Services, request: Request
) -> SipAccess:
    """A strong one, shown this once; with the old one no phone registers any more."""
    stored = await channels.get(unit, account, name)
    password = strong_password()
    data = ChannelIn(**stored.model_dump(include=set(ChannelIn.model_fields)), password=SecretStr(password))
    await channels.change(unit, account, name, data)
    return _access(services, request, name, password)


async def _answered(services: ApiServices, response: Response, channel: ChannelOut) -> ChannelShown:
    # The version is of what is stored: a phone that comes or goes is no change of the channel.
    response.headers["ETag"] = version_of(channel)
    return await _shown(services, channel)


async def _shown(services: ApiServices, channel: ChannelOut) -> ChannelShown:
    there = await _registered(services, [ChannelName(channel.name)])
    return ChannelShown(**channel.model_dump(), registered=None if there is None else channel.name in there)


async def _registered(services: ApiServices, names: Sequence[ChannelName]) -> Collection[str] | None:
    """Those among `names` on which a phone is registered; None when that cannot be told."""
    return None if services.registered is None else await asyncio.to_thread(services.registered, names)


def _access(services: ApiServices, request: Request, name: str, password: str) -> SipAccess:
    return SipAccess(**_server(services, request, name).model_dump(), password=password)


def _server(services: ApiServices, request: Request, name: str) -> SipServer:
    settings = services.settings
    # Bound to every address, the one that the request came to is as good as any.
    own = request.url.hostname if settings.bind.is_unspecified else str(settings.bind)
    server = settings.external_address or own or "localhost"
    return SipServer(server=server, port=settings.sip_port, transports=["udp", "tcp"], user=name)
