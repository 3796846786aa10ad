"""The audit: who changed what, when, from what to what, and taking a change back (ACC-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from centrale.accounts import audit, undo
from centrale.accounts.accounts import AccountIn
from centrale.accounts.audit import AuditEntry
from centrale.accounts.numbers import NumberIn
from centrale.accounts.roles import Role
from centrale.accounts.undo import Undoing
from centrale.accounts.unit import Unit
from centrale.accounts.web_users import WebUserIn, WebUserOut
from centrale.api.access import Asking, OwnAccount, PlatformOnly, Principal, refuse_what_only_the_platform_may
from centrale.api.moments import Moment
from centrale.api.pages import Page, Paged, Paging
from centrale.api.problems import ProblemError
from centrale.api.resources.accounts import PLATFORMS_FIELDS
from centrale.api.resources.web_users import not_oneself, refuse_above
from centrale.api.units import AccountChange, Read
from centrale.routing.snapshot import AccountId

router = APIRouter(tags=["audit"])


class AuditShown(BaseModel):
    """A change, and whether it can be taken back."""

    id: int = Field(title="Id")
    at: datetime = Field(title="When")
    actor: str = Field(title="Who")
    action: str = Field(
        title="What was done",
        description="create, change, delete …; undo: a change was taken back; break: a saved expectation holds no "
        "longer (NP-10).",
    )
    object_type: str = Field(title="To what")
    object_key: str = Field(title="Which one")
    before: dict[str, Any] | None = Field(title="Before")
    after: dict[str, Any] | None = Field(title="After")
    undoable: bool = Field(
        title="Can be taken back", description="As far as the audit tells: not once the thing was changed again."
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are asked for."""

    object_type: str | None
    object_key: str | None
    actor: str
    since: datetime | None
    until: datetime | None
    oldest_first: bool


async def _wanted(
    object_type: Annotated[str | None, Query(max_length=40, title="Of this type only", examples=["channel"])] = None,
    object_key: Annotated[str | None, Query(max_length=80, title="Of this one only", examples=["1000EC01"])] = None,
    actor: Annotated[str, Query(max_length=80, title="By whom", description="Part of it.")] = "",
    since: Annotated[Moment | None, Query(title="At or after")] = None,
    until: Annotated[Moment | None, Query(title="Before")] = None,
    sort: Annotated[Literal["-at", "at"], Query(title="Sorted by", description="With a minus: newest first.")] = "-at",
) -> Wanted:
    return Wanted(object_type, object_key, actor, since, until, oldest_first=sort == "at")


Wants = Annotated[Wanted, Depends(_wanted)]


@router.get("/accounts/{account}/audit", response_model=Page[AuditShown], summary="Changes in an account")
async def list_account_changes(unit: Read, account: OwnAccount, paging: Paged, wanted: Wants) -> Response:
    """Newest first, unless asked otherwise."""
    return await _list(unit, account, paging, wanted)


@router.get("/audit", dependencies=[PlatformOnly], response_model=Page[AuditShown], summary="Changes of the platform")
async def list_platform_changes(unit: Read, paging: Paged, wanted: Wants) -> Response:
    """What belongs to no account: trunks, tokens of the platform, accounts that come and go. Newest first, unless asked
    otherwise."""
    return await _list(unit, None, paging, wanted)


@router.post("/accounts/{account}/audit/{change}/undo", status_code=HTTPStatus.NO_CONTENT, summary="Take a change back")
async def undo_change(
    unit: AccountChange,
    account: OwnAccount,
    change: Annotated[int, Path(ge=1, le=2**53, title="Change's id")],
    principal: Asking,
) -> None:
    """What was changed becomes what it was, what was created goes, what was deleted comes back (without PINs).

    409 when the thing was changed since, is still used, or holds what the audit does not keep.
    """
    undoing = await undo.prepare(unit, account, change)
    _refuse_what_one_may_not(principal, undoing)
    await undo.carry_out(unit, account, undoing)


def _refuse_what_one_may_not(principal: Principal, undoing: Undoing) -> None:
    """Nobody takes back what they could not do by hand."""
    stored, wanted = undoing.stored, undoing.wanted
    either = wanted or stored
    if isinstance(either, AccountIn) and stored is not None and wanted is not None:
        refuse_what_only_the_platform_may(principal, PLATFORMS_FIELDS, stored, wanted)
    if isinstance(either, NumberIn):
        if stored is not None and wanted is not None:
            refuse_what_only_the_platform_may(principal, ("status",), stored, wanted)
        elif principal.role.rank < Role.PARTNER.rank:
            detail = "Only the platform's administrator can do this. Ask your supplier."
            raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="platform-only")
    for person in (stored, wanted):
        if isinstance(person, WebUserIn):
            refuse_above(principal, person)
    own = principal.session.who.id if principal.session is not None else None
    if isinstance(stored, WebUserOut) and stored.id == own:
        raise not_oneself("")


async def _list(unit: Unit, account: AccountId | None, paging: Paging, wanted: Wanted) -> Response:
    found = await audit.list_all(
        unit,
        account,
        object_type=wanted.object_type,
        object_key=wanted.object_key,
        actor=wanted.actor,
        since=wanted.since,
        until=wanted.until,
        oldest_first=wanted.oldest_first,
        behind=paging.after_number,
        limit=paging.fetch,
    )
    return paging.answer(found, lambda entry: entry.id, partial(_shown, undoable=account is not None))


def _shown(entry: AuditEntry, undoable: bool) -> dict[str, Any]:
    """An `AuditShown`. `undoable`: can anything be taken back there?"""
    return {**entry._asdict(), "undoable": undoable and undo.can_be(entry)}
