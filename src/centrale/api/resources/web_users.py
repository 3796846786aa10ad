"""Web users: who may sign in, with which role (ROLE-1). Everyone manages those below and beside, none above."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from centrale.accounts import second_factor, web_users
from centrale.accounts.errors import Invalid
from centrale.accounts.roles import Right, Role, Sight
from centrale.accounts.web_users import WebUserIn, WebUserOut
from centrale.api.access import Asking, Principal
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.problems import FieldProblem, Place, ProblemError
from centrale.api.services import ApiServices
from centrale.api.units import Change, Read, Services
from centrale.routing.snapshot import AccountId

router = APIRouter(prefix="/web-users", tags=["web users"])

Id = Annotated[int, Path(ge=1, le=2**31 - 1, title="Web user's id")]


class Invited(WebUserOut):
    """A new web user."""

    link: str = Field(
        title="Link to choose a password", description="Mailed as well; shown now and never again. Good for a week."
    )


@router.get("", summary="List the web users")
async def list_web_users(
    unit: Read,
    paging: Paged,
    principal: Asking,
    account: Annotated[int | None, Query(ge=1, le=2**31 - 1, title="Of this account only")] = None,
) -> Page[WebUserOut]:
    """By id: of the account, of the partner and its accounts, or all."""
    sight = _sight(principal)
    if account is not None:
        if not principal.sees(AccountId(account)):
            return Page(items=[])
        sight = Sight(account=AccountId(account))
    found = await web_users.list_all(unit, sight, after=paging.after_number, limit=paging.fetch)
    return paging.page(found, lambda user: user.id)


@router.post("", status_code=HTTPStatus.CREATED, summary="Invite a web user")
async def create_web_user(
    unit: Change, data: WebUserIn, principal: Asking, services: Services, request: Request, response: Response
) -> Invited:
    """Mails a link to choose a password with; the answer holds it too, in case no mail server is set."""
    refuse_above(principal, data)
    _refuse_elsewhere(principal, data, services)
    made = await web_users.create(unit, data)
    link = await services.invitations.invite(unit, made.id)
    created(response, request, made, made.id)
    return Invited(**made.model_dump(), link=link)


@router.get("/{id}", summary="Show a web user")
async def get_web_user(unit: Read, id: Id, principal: Asking, response: Response) -> WebUserOut:
    return versioned(response, await web_users.get(unit, id, _sight(principal)))


@router.patch("/{id}", openapi_extra=patch_of(WebUserIn), summary="Change a web user")
async def change_web_user(
    unit: Change, id: Id, patch: MergePatch, if_match: IfMatch, principal: Asking, response: Response
) -> WebUserOut:
    """Who may less from then on is signed out. One cannot shut oneself out."""
    stored = await web_users.get(unit, id, _sight(principal))
    refuse_above(principal, stored)
    if_match.holds_for(stored)
    data = merged(WebUserIn, stored, patch)
    refuse_above(principal, data)
    if _is_own(principal, id) and (data.disabled or data.role is not stored.role):
        raise not_oneself("disabled" if data.disabled else "role")
    return versioned(response, await web_users.change(unit, id, data, _sight(principal)))


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a web user")
async def delete_web_user(unit: Change, id: Id, if_match: IfMatch, principal: Asking) -> None:
    """Signed out at once. One cannot delete oneself."""
    stored = await web_users.get(unit, id, _sight(principal))
    refuse_above(principal, stored)
    if_match.holds_for(stored)
    if _is_own(principal, id):
        raise not_oneself("")
    await web_users.delete(unit, id, _sight(principal))


@router.post("/{id}/invitation", status_code=HTTPStatus.CREATED, summary="Invite a web user again")
async def invite_again(unit: Change, id: Id, principal: Asking, services: Services) -> Invited:
    """A new link, by e-mail and here; earlier ones lead nowhere from now on."""
    stored = await web_users.get(unit, id, _sight(principal))
    refuse_above(principal, stored)
    return Invited(**stored.model_dump(), link=await services.invitations.invite(unit, id))


@router.delete("/{id}/sessions", status_code=HTTPStatus.NO_CONTENT, summary="Sign a web user out everywhere")
async def sign_web_user_out(unit: Change, id: Id, principal: Asking) -> None:
    """Such as when a laptop was stolen."""
    stored = await web_users.get(unit, id, _sight(principal))
    refuse_above(principal, stored)
    await web_users.sign_out(unit, stored.id)


@router.delete(
    "/{id}/second-factor", status_code=HTTPStatus.NO_CONTENT, summary="Switch off the second factor of a web user"
)
async def reset_second_factor(unit: Change, id: Id, principal: Asking, services: Services) -> None:
    """For who lost the authenticator: the password alone will do again. Signs them out everywhere, and mails them that
    it was done, and by whom. 409 when no code is asked for, and for one's own, which takes the present password."""
    stored = await web_users.get(unit, id, _sight(principal))
    refuse_above(principal, stored)
    if _is_own(principal, id):
        detail = "Switch off your own under “My sign-in”: that takes your password."
        raise ProblemError(HTTPStatus.CONFLICT, detail, kind="conflict")
    await second_factor.reset(unit, id, by=principal.name, portal=services.settings.portal)


def _sight(principal: Principal) -> Sight:
    return Sight(partner=principal.partner, account=principal.account)


def _is_own(principal: Principal, id: int) -> bool:
    return principal.session is not None and principal.session.who.id == id


def refuse_above(principal: Principal, data: WebUserIn) -> None:
    """Nobody makes, or takes over, somebody who may more than themselves."""
    found = []
    if data.role.rank > principal.role.rank:
        message = "This role is above your own. Ask who gave you yours."
        found.append(FieldProblem(place=Place.BODY, field="/role", code="above", message=message))
    found += rights_above(principal, data.rights)
    if found:
        raise ProblemError(HTTPStatus.FORBIDDEN, "This web user may do more than you.", kind="role", errors=found)


def rights_above(principal: Principal, rights: frozenset[Right]) -> list[FieldProblem]:
    """Nobody gives a right that they lack (ROLE-2, ROLE-4)."""
    if rights <= principal.rights:
        return []
    message = "You do not have all of these rights yourself."
    return [FieldProblem(place=Place.BODY, field="/rights", code="above", message=message)]


def _refuse_elsewhere(principal: Principal, data: WebUserIn, services: ApiServices) -> None:
    account = None if data.account is None else AccountId(data.account)
    if account is not None and (account not in services.directory.current.accounts or not principal.sees(account)):
        raise Invalid.field("account", f"there is no account {account}", "unknown_account")
    if data.partner is not None and not principal.is_platform and data.partner != principal.partner:
        raise Invalid.field("partner", f"there is no partner {data.partner}", "unknown_partner")
    if data.role is Role.PLATFORM and not principal.is_platform:
        raise Invalid.field("role", "is the platform's own", "platform_only")


def not_oneself(field: str) -> ProblemError:
    """The refusal for who would shut themselves out; `field` is to blame, if one is."""
    message = "You would shut yourself out. Have somebody else do it."
    found = [FieldProblem(place=Place.BODY, field=f"/{field}", code="oneself", message=message)] if field else []
    return ProblemError(HTTPStatus.CONFLICT, message, kind="conflict", errors=found)
