"""Who is logged on to which channel; what 901 and 902 do by telephone, done by an administrator (SYS-2, SYS-3)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from centrale.accounts import channels, logons
from centrale.accounts.fields import Input, UserField
from centrale.accounts.logons import Logon
from centrale.accounts.roles import Role
from centrale.api.access import OwnAccount, at_least
from centrale.api.pages import Page, Paged
from centrale.api.resources.channels import Name
from centrale.api.services import ApiServices
from centrale.api.units import Change, Read, Services
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber, Facility
from centrale.services.log_on import TWINNED_PHONES

router = APIRouter(prefix="/accounts/{account}/logons", tags=["logons"])


class LogonIn(Input):
    """Who is to be logged on."""

    user: UserField = Field(title="User")
    nowhere_else: bool = Field(
        default=False,
        title="Log off elsewhere",
        description="A user without twinning is logged on to one phone at a time in any case (TWN-1).",
    )


@router.get("", openapi_extra=at_least(Role.SUPERVISOR), summary="Who is logged on?")
async def list_logons(unit: Read, account: OwnAccount, paging: Paged) -> Page[Logon]:
    """By channel; users that an administrator linked to a channel included (LNK-1)."""
    return paging.cut(await logons.list_all(unit, account), lambda logon: logon.channel)


@router.put("/{name}", summary="Log a user on")
async def log_on(unit: Change, account: OwnAccount, name: Name, data: LogonIn, services: Services) -> Logon:
    """Without PIN. Whoever was on this channel is logged off. 409 on a linked channel (LNK-1)."""
    channel, user = ChannelName(name), ExtensionNumber(data.user)
    exclusive = data.nowhere_else or not _may_twin(services, account, user, channel)
    await logons.log_on(unit, account, user, channel, exclusive=exclusive)
    await unit.audit(account, "log on", "logon", name, after={"user": user})
    return next(logon for logon in await logons.list_all(unit, account) if logon.channel == channel)


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Log off whoever is on a channel")
async def log_off(unit: Change, account: OwnAccount, name: Name) -> None:
    """Nobody there: nothing happens. 409 on a linked channel (LNK-1)."""
    await channels.get(unit, account, name)
    user = next((logon.user for logon in await logons.list_all(unit, account) if logon.channel == name), None)
    if user is not None:
        await logons.log_off(unit, account, ExtensionNumber(user), ChannelName(name))
        await unit.audit(account, "log off", "logon", name, before={"user": user})


@router.delete("", status_code=HTTPStatus.NO_CONTENT, summary="Log a user off everywhere")
async def log_off_everywhere(
    unit: Change,
    account: OwnAccount,
    user: Annotated[str, Query(pattern="^[0-9]{2,5}$", title="User")],
) -> None:
    """But for channels that the user is linked to (LNK-1)."""
    here = [logon for logon in await logons.list_all(unit, account) if logon.user == user and not logon.linked]
    if here:
        await logons.log_off(unit, account, ExtensionNumber(user), None)
        for logon in here:
            await unit.audit(account, "log off", "logon", logon.channel, before={"user": user})


def _may_twin(services: ApiServices, account: AccountId, user: ExtensionNumber, channel: ChannelName) -> bool:
    """May the user stay logged on to the other phones too (TWN-1)? The same rule as by telephone."""
    picture = services.directory.current.accounts[account]
    person = picture.extensions.get(user)
    if person is None or person.kind != "user" or Facility.TWINNING not in picture.facilities:
        return False
    others = [device for device in picture.devices_of(user) if device != channel]
    return bool(person.settings.rights.twinning) and len(others) < TWINNED_PHONES
