"""Tokens of the API (API-1): an account's administrator manages the account's own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from centrale.accounts import tokens
from centrale.accounts.errors import Invalid
from centrale.accounts.roles import Role, Sight
from centrale.accounts.tokens import TokenIn, TokenOut
from centrale.api.access import Asking, Principal, at_least
from centrale.api.changing import created, versioned
from centrale.api.pages import Page, Paged
from centrale.api.problems import ProblemError
from centrale.api.resources.web_users import rights_above
from centrale.api.services import ApiServices
from centrale.api.units import Change, Read, Services
from centrale.routing.snapshot import AccountId

router = APIRouter(tags=["tokens"])

Id = Annotated[int, Path(ge=1, le=2**31 - 1, title="Token's id")]


class TokenCreated(TokenOut):
    """A new token with its text."""

    token: str = Field(title="Text", description="Shown now and never again; send it as “Authorization: Bearer …”.")


@router.get("/me", openapi_extra=at_least(Role.END_USER), summary="Whose token is this?")
async def get_own_token(principal: Asking) -> TokenOut:
    """The token that this request came with: its account, and what it may do."""
    if principal.token is None:
        raise ProblemError(HTTPStatus.FORBIDDEN, "This is no token, but a browser: see /session.", kind="no-token")
    return principal.token


@router.get("/tokens", summary="List the tokens")
async def list_tokens(unit: Read, paging: Paged, principal: Asking) -> Page[TokenOut]:
    """By id; for an account's token, those of the account."""
    found = await tokens.list_all(unit, _sight(principal), after=paging.after_number, limit=paging.fetch)
    return paging.page(found, lambda token: token.id)


@router.post("/tokens", status_code=HTTPStatus.CREATED, summary="Create a token")
async def create_token(
    unit: Change, data: TokenIn, principal: Asking, services: Services, request: Request, response: Response
) -> TokenCreated:
    """It can do no more than whoever makes it. Its text is shown this once."""
    rights = principal.rights if data.rights is None else data.rights
    wanted = data.model_copy(update={"account": _account_of(data, principal, services), "rights": rights})
    if not wanted.scopes <= principal.scopes:
        detail = "A token cannot make one that may do more than itself. Leave out the scopes that it lacks."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="scope")
    if found := rights_above(principal, rights):
        raise ProblemError(HTTPStatus.FORBIDDEN, "This token may do more than you.", kind="role", errors=found)
    made, text = await tokens.create(unit, wanted)
    created(response, request, made, made.id)
    return TokenCreated(**made.model_dump(), token=text)


@router.get("/tokens/{id}", summary="Show a token")
async def get_token(unit: Read, id: Id, principal: Asking, response: Response) -> TokenOut:
    """Without its text, of which only a digest is kept."""
    return versioned(response, await tokens.get(unit, id, _sight(principal)))


@router.delete("/tokens/{id}", status_code=HTTPStatus.NO_CONTENT, summary="Revoke a token")
async def revoke_token(unit: Change, id: Id, principal: Asking) -> None:
    """From now on it opens nothing; it may be the very token that this request came with."""
    await tokens.revoke(unit, id, _sight(principal))


def _sight(principal: Principal) -> Sight:
    return Sight(partner=principal.partner, account=principal.account)


def _account_of(data: TokenIn, principal: Principal, services: ApiServices) -> AccountId | None:
    """The account of a new token: as asked for, if that is the asker's to give."""
    if data.account is None:
        if principal.partner is not None:
            raise Invalid.field("account", "say for which of your accounts", "required")
        return principal.account
    account = AccountId(data.account)
    if account not in services.directory.current.accounts or not principal.sees(account):
        raise Invalid.field("account", f"there is no account {account}", "unknown_account")
    return account
