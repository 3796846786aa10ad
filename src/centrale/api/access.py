"""Who asks, and what they may see: bearer tokens of the platform or of one account (API-1, ACC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from centrale.accounts.tokens import Scope, TokenOut
from centrale.api.problems import FieldProblem, Place, ProblemError, not_found
from centrale.routing.snapshot import AccountId

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

READS = {"x-scope": Scope.READ.value}
"""`openapi_extra` of an operation that changes nothing although its method is POST."""

bearer = HTTPBearer(
    scheme_name="token",
    description="Authorization: Bearer centrale_…; a platform token sees everything, an account token its account.",
    auto_error=False,  # `authentication` has refused already; this one stands in the OpenAPI document
)


@dataclass(frozen=True, slots=True)
class Principal:
    """The token that a request came with."""

    token: TokenOut

    @property
    def account(self) -> AccountId | None:
        """The one account that it sees; None for all of the platform."""
        return None if self.token.account is None else AccountId(self.token.account)

    @property
    def actor(self) -> str:
        """Its name in the audit (ACC-8)."""
        return f"token {self.token.id} ({self.token.name})"

    def sees(self, account: AccountId | None) -> bool:
        """May it see what belongs to `account`? None: what belongs to no account."""
        return self.account is None or self.account == account


async def _principal(request: Request) -> Principal:
    principal = request.state.principal
    assert isinstance(principal, Principal)
    return principal


Asking = Annotated[Principal, Depends(_principal)]


async def enough_scope(request: Request, principal: Asking) -> None:
    """Refuses a change with a token that may only read. On every route of the API, so that none can forget it."""
    extra = getattr(request.scope["route"], "openapi_extra", None) or {}
    reads = request.method in SAFE_METHODS or extra.get("x-scope") == Scope.READ
    needed = Scope.READ if reads else Scope.WRITE
    if needed not in principal.token.scopes:
        detail = f"This token may not {needed}. Use one with the scope “{needed}”."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="scope")


async def _own_account(
    request: Request, principal: Asking, account: Annotated[int, Path(ge=1, le=2**31 - 1, title="Account's id")]
) -> AccountId:
    """The account in the path. One that does not exist and one of somebody else's give the same answer (ACC-1)."""
    known = AccountId(account) in request.app.state.services.directory.current.accounts
    if not known or not principal.sees(AccountId(account)):
        raise not_found(f"account {account}")
    return AccountId(account)


OwnAccount = Annotated[AccountId, Depends(_own_account)]


async def platform_only(principal: Asking) -> None:
    """Refuses what only the platform's administrator may do."""
    if principal.account is not None:
        detail = "Only the platform's administrator can do this. Ask your supplier."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="platform-only")


PlatformOnly = Depends(platform_only)


def refuse_what_only_the_platform_may(
    principal: Principal, fields: Sequence[str], stored: BaseModel, wanted: BaseModel
) -> None:
    """Refuses, to an account's own administrator, a change of any of `fields`; each is named."""
    changed = [name for name in fields if getattr(wanted, name) != getattr(stored, name)]
    if principal.account is not None and changed:
        message = "Only the platform's administrator can change this. Ask your supplier."
        found = [
            FieldProblem(place=Place.BODY, field=f"/{name}", code="platform_only", message=message) for name in changed
        ]
        raise ProblemError(HTTPStatus.FORBIDDEN, message, kind="platform-only", errors=found)
