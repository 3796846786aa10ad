"""Signing in to the portal, and what people set for themselves: password, second factor, browsers (ROLE-1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, BackgroundTasks, Path, Request, Response
from pydantic import BaseModel, Field, SecretStr

from centrale.accounts import second_factor, sessions, web_links, web_users
from centrale.accounts.errors import Invalid, StorageUnavailable
from centrale.accounts.fields import Input
from centrale.accounts.roles import Role
from centrale.accounts.sessions import SessionOut, token_of
from centrale.accounts.sign_in import Refusal, Refused, SignIn
from centrale.accounts.web_users import WebUserOut
from centrale.api.access import Asking, Principal, at_least
from centrale.api.authentication import SIGN_IN, browser_cookie_name, cookie_name
from centrale.api.pages import Page
from centrale.api.problems import ProblemError
from centrale.api.services import ApiServices
from centrale.api.units import Change, Read, Services

log = structlog.get_logger(__name__)

open_router = APIRouter(prefix="/session", tags=["session"])
"""What needs no sign-in (`authentication.OPEN`)."""

router = APIRouter(prefix="/session", tags=["session"])

Secret = Annotated[SecretStr, Field(min_length=1, max_length=1000)]
EVERYBODY = at_least(Role.END_USER)

BROWSER_KNOWN_FOR = 180 * 24 * 3600
"""Seconds."""


class SignInIn(Input):
    """Who wants to come in."""

    email: str = Field(max_length=254, title="E-mail address")
    password: Secret = Field(title="Password")
    code: str | None = Field(
        default=None, max_length=20, title="Code of the authenticator", description="Where one is on."
    )


class SignedIn(BaseModel):
    """Who is signed in here."""

    user: WebUserOut = Field(title="The web user")
    csrf: str = Field(title="CSRF token", description="Send it as X-CSRF-Token with every change.")


class Forgotten(Input):
    """Who cannot sign in."""

    email: str = Field(max_length=254, title="E-mail address")


class Chosen(Input):
    """A password, chosen with a link."""

    link: Secret = Field(title="What stands behind # in the link")
    password: Secret = Field(title="New password")


class PasswordIn(Input):
    """A change of one's own password."""

    current: Secret = Field(title="Present password")
    password: Secret = Field(title="New password")


class Proposed(BaseModel):
    """A secret for an authenticator app; it counts once a code has shown that the app has it."""

    secret: str = Field(title="Secret", description="For typing over.")
    address: str = Field(title="otpauth:// address", description="For a QR code.")


class FactorIn(Input):
    """A second factor to be switched on."""

    current: Secret = Field(title="Present password")
    secret: str = Field(max_length=64, title="The proposed secret")
    code: str = Field(max_length=20, title="The code that the app shows now")


class FactorOffIn(Input):
    """A second factor to be switched off."""

    current: Secret = Field(title="Present password")


@open_router.post("", status_code=HTTPStatus.CREATED, summary="Sign in")
async def sign_in(data: SignInIn, services: Services, request: Request, response: Response) -> SignedIn:
    """Sets a cookie that pages cannot read. 401 `wrong-sign-in`, or `code-needed` when the password is right and a
    code is asked for too; 429 after too many failures."""
    program = request.headers.get("user-agent", "").encode("utf-8", "replace").decode()
    browser = request.cookies.get(browser_cookie_name(services.settings), "")
    signing: SignIn = request.app.state.sign_in
    result = await signing.with_password(
        data.email,
        data.password.get_secret_value(),
        data.code,
        address=address_of(request),
        program=program,
        browser=browser,
    )
    if isinstance(result, Refused):
        raise _refusal(result, services)
    async with services.database.read() as unit:
        session = await sessions.find(unit, result.session, services.clock.now())
    assert session is not None
    set_cookie(response, services, result.session)
    response.set_cookie(
        browser_cookie_name(services.settings),
        result.browser,
        max_age=BROWSER_KNOWN_FOR,
        path=SIGN_IN,
        secure=services.settings.https,
        httponly=True,
        samesite="strict",
    )
    return SignedIn(user=session.who, csrf=token_of(result.session))


@open_router.post("/forgotten", status_code=HTTPStatus.ACCEPTED, summary="Ask for a link to choose a password")
async def forgot_password(data: Forgotten, services: Services, request: Request, afterwards: BackgroundTasks) -> None:
    """Mails a link that is good for an hour, if there is such a web user; neither the answer nor how long it takes
    tells. Who asks again and again is mailed no more for a while."""
    if await services.invitations.may_ask(data.email, address_of(request)):
        afterwards.add_task(_mail_link, services, data.email)


@open_router.post("/chosen", status_code=HTTPStatus.NO_CONTENT, summary="Choose a password with a link")
async def choose_password(data: Chosen, services: Services) -> None:
    """Of an invitation, or of who forgot theirs. Then sign in with it."""
    async with services.database.change("link by e-mail") as unit:
        await web_links.choose_password(unit, data.link.get_secret_value(), data.password.get_secret_value())


@router.get("", openapi_extra=EVERYBODY, summary="Who is signed in here?")
async def get_session(principal: Asking, services: Services, request: Request) -> SignedIn:
    """The web user of this browser, and what to send with changes."""
    session = _own(principal)
    cookie = request.cookies[cookie_name(services.settings)]
    return SignedIn(user=session.who, csrf=token_of(cookie))


@router.delete("", status_code=HTTPStatus.NO_CONTENT, openapi_extra=EVERYBODY, summary="Sign out")
async def sign_out(unit: Change, principal: Asking, services: Services, response: Response) -> None:
    """Here only; see the list of browsers for others."""
    session = _own(principal)
    await sessions.end(unit, session.who.id, session.id)
    response.delete_cookie(cookie_name(services.settings), path="/")


@router.put("/password", status_code=HTTPStatus.NO_CONTENT, openapi_extra=EVERYBODY, summary="Change one's password")
async def change_own_password(data: PasswordIn, principal: Asking, services: Services, request: Request) -> None:
    """Signs out everywhere, here too. Needs the present one, so that an unattended browser is no key to the house."""
    id = await _who_knows(data.current, principal, services, request)
    async with services.database.change(principal.actor) as unit:
        await web_users.set_password(unit, id, data.password.get_secret_value())


@router.get("/browsers", openapi_extra=EVERYBODY, summary="Where one is signed in")
async def list_own_browsers(unit: Read, principal: Asking) -> Page[SessionOut]:
    """The latest used first."""
    return Page(items=await sessions.list_of(unit, _own(principal).who.id))


@router.delete(
    "/browsers/{browser}", status_code=HTTPStatus.NO_CONTENT, openapi_extra=EVERYBODY, summary="Sign a browser out"
)
async def sign_browser_out(
    unit: Change, principal: Asking, browser: Annotated[str, Path(max_length=64, title="Browser's id")]
) -> None:
    """Wherever it is."""
    await sessions.end(unit, _own(principal).who.id, browser)


@router.get("/second-factor", openapi_extra=EVERYBODY, summary="A secret for an authenticator app")
async def propose_second_factor(principal: Asking) -> Proposed:
    """A new one each time; nothing changes until it is switched on."""
    secret, address = second_factor.propose(_own(principal).who.email)
    return Proposed(secret=secret, address=address)


@router.put(
    "/second-factor", status_code=HTTPStatus.NO_CONTENT, openapi_extra=EVERYBODY, summary="Switch the second factor on"
)
async def switch_second_factor_on(data: FactorIn, principal: Asking, services: Services, request: Request) -> None:
    """From now on signing in asks for a code of the app, too. Needs the present password."""
    id = await _who_knows(data.current, principal, services, request)
    async with services.database.change(principal.actor) as unit:
        await second_factor.switch_on(unit, id, data.secret, data.code)


@router.put(
    "/second-factor/off",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=EVERYBODY,
    summary="Switch the second factor off",
)
async def switch_second_factor_off(data: FactorOffIn, principal: Asking, services: Services, request: Request) -> None:
    """The password alone will do again. Needs it."""
    id = await _who_knows(data.current, principal, services, request)
    async with services.database.change(principal.actor) as unit:
        await second_factor.switch_off(unit, id)


async def _who_knows(password: SecretStr, principal: Principal, services: ApiServices, request: Request) -> int:
    """The id of who is signed in, if this is their password."""
    id = _own(principal).who.id
    signing: SignIn = request.app.state.sign_in
    refused = await signing.knows_password(id, password.get_secret_value())
    if refused is not None and refused.why is Refusal.LOCKED:
        raise _refusal(refused, services)
    if refused is not None:
        raise Invalid.field("current", "is not your present password", "wrong_password")
    return id


async def _mail_link(services: ApiServices, email: str) -> None:
    try:
        await services.invitations.forgotten(email)
    except StorageUnavailable as problem:
        log.warning("api.link_not_mailed", problem=str(problem))


def address_of(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else ""


def _own(principal: Principal) -> sessions.Session:
    if principal.session is None:
        detail = "A token is no web user: this is for who is signed in to the portal."
        raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="no-session")
    return principal.session


def set_cookie(response: Response, services: ApiServices, text: str) -> None:
    """Signs the browser in."""
    # Lax: a link to the portal in an e-mail finds one signed in. A change needs the CSRF token besides.
    response.set_cookie(
        cookie_name(services.settings),
        text,
        max_age=int(sessions.AT_MOST.total_seconds()),
        path="/",
        secure=services.settings.https,
        httponly=True,
        samesite="lax",
    )


def _refusal(refused: Refused, services: ApiServices) -> ProblemError:
    match refused.why:
        case Refusal.CODE_NEEDED:
            detail = "Give the code that your authenticator app shows."
            return ProblemError(HTTPStatus.UNAUTHORIZED, detail, kind="code-needed")
        case Refusal.LOCKED:
            assert refused.until is not None
            seconds = max(1, round((refused.until - services.clock.now()).total_seconds()))
            detail = f"Too many failures. Try again in {seconds} seconds, or ask for a link by e-mail."
            return ProblemError(
                HTTPStatus.TOO_MANY_REQUESTS, detail, kind="locked", headers={"Retry-After": str(seconds)}
            )
        case _:
            detail = "E-mail address, password or code is wrong."
            return ProblemError(HTTPStatus.UNAUTHORIZED, detail, kind="wrong-sign-in")
