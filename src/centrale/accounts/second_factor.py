"""The second factor: codes of an authenticator app (TOTP, RFC 6238)."""

from __future__ import annotations

from datetime import datetime

import pyotp

from centrale.accounts import notices, web_users
from centrale.accounts.errors import Conflict, Invalid
from centrale.accounts.models import WebUserRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

STEP = 30
"""Seconds that a code is good; the one before and the one after are taken too, for clocks that differ."""

ISSUER = "Centrale"

_RESET = {
    "nl": (
        "Inloggen op de telefooncentrale zonder code",
        "Beste {name},\n\n{by} heeft uw authenticator-app losgekoppeld van de telefooncentrale: wie inlogt met uw "
        "e-mailadres en wachtwoord hoeft geen code meer op te geven. U bent overal uitgelogd.\n\n"
        "Log in en koppel een nieuwe app onder uw naam, bij “Mijn inloggegevens”:\n\n{portal}\n\n"
        "Vroeg u hier niet om? Neem dan meteen contact op met uw beheerder, en kies een nieuw wachtwoord.\n",
    ),
    "en": (
        "Signing in to the telephone exchange without a code",
        "Dear {name},\n\n{by} has disconnected your authenticator app from the telephone exchange: whoever signs in "
        "with your e-mail address and password is not asked for a code any more. You are signed out everywhere.\n\n"
        "Sign in and connect a new app under your name, at “My sign-in”:\n\n{portal}\n\n"
        "Did you not ask for this? Then tell your administrator at once, and choose a new password.\n",
    ),
}
"""What the person is mailed when somebody else switched it off."""

_OPERATOR = {"nl": "De beheerder van de centrale", "en": "Whoever runs the exchange"}


def propose(email: str) -> tuple[str, str]:
    """A new secret, and the address that an authenticator app reads it from as a picture (QR)."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


async def switch_on(unit: Unit, id: int, secret: str, code: str) -> None:
    """From now on a code is asked for. Raises `Invalid` unless `code` shows that the app has the secret."""
    row = await web_users.load(unit, id)
    if len(secret) > 64 or not secret.isalnum() or (step := _step(secret, code, unit.clock.now(), None)) is None:
        raise Invalid.field("code", "is not the code that the app shows now: read it again", "wrong_code")
    row.totp_secret = unit.vault.seal(secret)
    row.totp_last = step
    await _tell(unit, row, "switch on second factor")


async def switch_off(unit: Unit, id: int) -> None:
    """The password alone will do again."""
    row = await web_users.load(unit, id)
    row.totp_secret = row.totp_last = None
    await _tell(unit, row, "switch off second factor")


async def reset(unit: Unit, id: int, *, by: str | None, portal: str) -> None:
    """The same for who lost the authenticator, by somebody else: signs them out everywhere, and mails them that `by`
    did it (None: who runs the exchange's machine), with the address of the `portal`. Raises `Conflict` when no code is
    asked for."""
    row = await web_users.load(unit, id)
    if row.totp_secret is None:
        raise Conflict(f"no code is asked for when {row.email} signs in")
    row.totp_secret = row.totp_last = None
    await web_users.sign_out(unit, id)
    subject, body = _RESET[row.language]
    account = None if row.account_id is None else AccountId(row.account_id)
    notices.add(
        unit,
        account,
        way=notices.Way.MAIL,
        recipient=row.email,
        subject=subject,
        body=body.format(name=row.name, by=by or _OPERATOR[row.language], portal=portal),
        now=unit.clock.now(),
    )
    await _tell(unit, row, "reset second factor")


def spend(unit: Unit, row: WebUserRow, code: str, now: datetime) -> bool:
    """Is `code` good now? It is then used up (RFC 6238 §5.2)."""
    assert row.totp_secret is not None
    step = _step(unit.vault.unseal(row.totp_secret), code, now, row.totp_last)
    if step is None:
        return False
    row.totp_last = step
    return True


def _step(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """The step whose code this is; None when it is none of now, or of one that was used."""
    digits = code.replace(" ", "")
    current = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    for step in (current, current - 1, current + 1):
        fits = pyotp.utils.strings_equal(digits, totp.generate_otp(step))
        if fits and (last is None or step > last):
            return step
    return None


async def _tell(unit: Unit, row: WebUserRow, action: str) -> None:
    account = None if row.account_id is None else AccountId(row.account_id)
    await unit.audit(account, action, "web user", row.email)
