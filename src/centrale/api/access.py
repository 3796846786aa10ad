"""Who asks, and what they may see and do: tokens of the platform or of one account, and web users in their roles
(API-1, ACC-1, ROLE-1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from centrale.accounts.roles import Right, Role
from centrale.accounts.sessions import Session
from centrale.accounts.tokens import Scope, TokenOut
from centrale.api.problems import FieldProblem, Place, ProblemError, not_found
from centrale.routing.snapshot import AccountId, ExtensionNumber

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

READS = {"x-scope": Scope.READ.value}
"""`openapi_extra` of an operation that changes nothing although its method is POST."""

ROLE = "x-role"


def at_least(role: Role, **extra: Any) -> dict[str, Any]:
    """`openapi_extra` of an operation that is open to `role` and to who may more.

    Without it an operation is for an account's administrator: what a new route forgets to say, it refuses.
    """
    return {**extra, ROLE: role.value}


bearer = HTTPBearer(
    scheme_name="token",
    description="Authorization: Bearer centrale_…; a platform token sees everything, an account token its account. "
    "The portal has a cookie instead, and sends X-CSRF-Token with each change (see POST /session).",
    auto_error=False,  # `authentication` has refused already; this one stands in the OpenAPI document
)

PartnerOf = Callable[[AccountId], int | None]


def _nobodys(account: AccountId) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent a request: a token, or a web user in a browser that is signed in."""

    actor: str
    """Its name in the audit (ACC-8)."""
    role: Role
    scopes: frozenset[Scope] = frozenset(Scope)
    account: AccountId | None = None
    """The one account that it sees; None for a partner and for the platform."""
    partner: int | None = None
    """The partner whose accounts it sees."""
    extension: ExtensionNumber | None = None
    """The user extension that a web user is."""
    rights: frozenset[Right] = frozenset(Right)
    token: TokenOut | None = None
    session: Session | None = None
    partner_of: PartnerOf = field(default=_nobodys, repr=False)

    @property
    def name(self) -> str:
        """What it is called by people: the token's name, or the person's."""
        if self.session is not None:
            return self.session.who.name
        return self.actor if self.token is None else self.token.name

    @property
    def key(self) -> str:
        """Tells it from others, whatever it is called: `token 7`, `web user 5`."""
        if self.session is not None:
            return f"web user {self.session.who.id}"
        return "" if self.token is None else f"token {self.token.id}"

    @property
    def is_platform(self) -> bool:
        """May it do what concerns all accounts?"""
        return self.role is Role.PLATFORM

    def sees(self, account: AccountId | None) -> bool:
        """May it see what belongs to `account`? None: what belongs to no account."""
        if self.is_platform:
            return True
        if account is None:
            return False
        if self.account is not None:
            return self.account == account
        return self.partner is not None and self.partner_of(account) == self.partner


def of_token(token: TokenOut) -> Principal:
    """The principal that a token is: an administrator of its account, or of the platform."""
    return Principal(
        actor=f"token {token.id} ({token.name})",
        role=Role.PLATFORM if token.account is None else Role.ACCOUNT,
        scopes=token.scopes,
        account=None if token.account is None else AccountId(token.account),
        rights=token.rights,
        token=token,
    )


def of_session(session: Session, partner_of: PartnerOf) -> Principal:
    """The principal that a signed-in web user is."""
    who = session.who
    return Principal(
        actor=f"web user {who.email}",
        role=who.role,
        account=None if who.account is None else AccountId(who.account),
        partner=who.partner,
        extension=None if who.extension is None else ExtensionNumber(who.extension),
        rights=frozenset(Right) if who.role.rank >= Role.PARTNER.rank else who.rights,
        session=session,
        partner_of=partner_of,
    )


async def _principal(request: Request) -> Principal:
    principal = request.state.principal
    assert isinstance(principal, Principal)
    return principal


Asking = Annotated[Principal, Depends(_principal)]


async def enough_scope(request: Request, principal: Asking) -> None:
    """Refuses a change with a token that may only read, and what a role may not do. On every route of the API, so that
    none can forget it."""
    extra = getattr(request.scope["route"], "openapi_extra", None) or {}
    reads = request.method in SAFE_METHODS or extra.get("x-scope") == Scope.READ
    needed = Scope.READ if reads else Scope.WRITE
    if needed not in principal.scopes:
        detail = f"This token may not {needed}. Use one with the scope “{needed}”."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="scope")
    lowest = Role(extra.get(ROLE, Role.ACCOUNT))
    if principal.role.rank < lowest.rank:
        if lowest.rank >= Role.PARTNER.rank and principal.role is Role.ACCOUNT:
            raise _not_an_accounts()
        detail = "Your role does not allow this. Ask your administrator."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="role")


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
    if not principal.is_platform:
        raise _not_an_accounts()


def _not_an_accounts() -> ProblemError:
    detail = "Only the platform's administrator can do this. Ask your supplier."
    return ProblemError(HTTPStatus.FORBIDDEN, detail, kind="platform-only")


PlatformOnly = Depends(platform_only)


def refuse_what_only_the_platform_may(
    principal: Principal, fields: Sequence[str], stored: BaseModel, wanted: BaseModel
) -> None:
    """Refuses, to an account's own administrator, a change of any of `fields`; each is named. A partner sells them."""
    changed = [name for name in fields if getattr(wanted, name) != getattr(stored, name)]
    if principal.role.rank < Role.PARTNER.rank and changed:
        message = "Only the platform's administrator can change this. Ask your supplier."
        found = [
            FieldProblem(place=Place.BODY, field=f"/{name}", code="platform_only", message=message) for name in changed
        ]
        raise ProblemError(HTTPStatus.FORBIDDEN, message, kind="platform-only", errors=found)
