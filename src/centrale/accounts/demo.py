"""The demo account of a new exchange: something to call with in the first minute.

On loopback its passwords are known ones, the same on every machine, so that guides can name them. An exchange that is
open to a network gets generated ones instead, also when the demo was made while it was closed: nobody who has read
this file can make calls on it.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import orjson
from pydantic import SecretStr

from centrale.accounts import (
    accounts,
    channels,
    demo_company,
    extensions,
    numbers,
    passwords,
    pins,
    plans,
    tokens,
    trunks,
    web_users,
)
from centrale.accounts.accounts import AccountIn, AccountOut
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn
from centrale.accounts.roles import Role
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.unit import Unit
from centrale.accounts.vault import strong_password
from centrale.accounts.web_users import WebUserIn
from centrale.routing.pins import pin_problem
from centrale.routing.snapshot import AccountId, ExtensionNumber, Facility

ACTOR = "first start"
ACCOUNT = "DEMO"
TRUNK = "loopback"
MAIN_NUMBER = "+31205550100"
PEOPLE = {"201": "Jansen", "202": "Bakker", "203": "De Jong", "204": "De Vries"}
GROUP, CLOSED = "300", "400"

ADMINISTRATOR = "beheer@demo.example"
"""Signs in to the portal; a web user of the platform."""

KNOWN_TOKEN = "centrale_demo"  # noqa: S105 - known on purpose, on loopback only
_KNOWN_PORTAL_PASSWORD = "vier groene paarden"  # noqa: S105 - the same
_KNOWN_PINS = {"201": "4711", "202": "5812", "203": "6913", "204": "7024"}


def _known_password(channel: str) -> str:
    return f"{channel.lower()}-demo"


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """What a person needs to try the exchange; kept in `<home>/secrets/demo.json`, which only its owner can read."""

    token: str = field(repr=False)
    passwords: dict[str, str] = field(repr=False)
    """Per channel."""
    pins: dict[str, str] = field(repr=False)
    """Per user."""
    portal_password: str = field(default="", repr=False)
    """Of `ADMINISTRATOR`; empty in a file that was written before there were web users."""
    applied: bool = False
    """Are they in the database? They are written here first, so that a crash in between loses no password."""

    @property
    def known(self) -> bool:
        """Are these the ones that stand in this file?"""
        return self.token == KNOWN_TOKEN


def channel_names() -> list[str]:
    """One phone per person."""
    return [f"{ACCOUNT}EC{n:02}" for n in range(1, len(PEOPLE) + 1)]


def read_secrets(home: Path) -> DemoSecrets | None:
    """What was written at the demo's making; None when there is no demo here."""
    try:
        return DemoSecrets(**orjson.loads(_path(home).read_bytes()))
    except FileNotFoundError:
        return None


async def make(database: Database, home: Path, *, open_to_network: bool, trunk_port: int) -> None:
    """Make the demo in an exchange without accounts; in one that has it, replace known secrets when it is open.

    `trunk_port`: where on loopback the trunk's far end is expected (`centrale demo` plays it).
    """
    wanted = read_secrets(home)
    async with database.read() as unit:
        empty = not await accounts.list_all(unit, limit=1)
    if wanted is None:
        if not empty:
            return
        wanted = _generated() if open_to_network else _known()
    elif wanted.applied and wanted.known and open_to_network:
        wanted = _generated()
    elif not wanted.portal_password:
        password = _KNOWN_PORTAL_PASSWORD if wanted.known else strong_password()
        wanted = replace(wanted, portal_password=password, applied=False)
    if wanted.applied:
        return
    _write(home, wanted)
    if empty:
        await _furnish(database, wanted, trunk_port)
    else:
        await _replace(database, wanted)
    _write(home, replace(wanted, applied=True))


def _known() -> DemoSecrets:
    passwords = {name: _known_password(name) for name in channel_names()}
    return DemoSecrets(KNOWN_TOKEN, passwords, dict(_KNOWN_PINS), _KNOWN_PORTAL_PASSWORD)


def _generated() -> DemoSecrets:
    token = tokens.PREFIX + secrets.token_urlsafe(32)
    passwords = {name: strong_password() for name in channel_names()}
    return DemoSecrets(token, passwords, {user: _good_pin(user) for user in PEOPLE}, strong_password())


def _good_pin(user: str) -> str:
    while True:
        pin = f"{secrets.randbelow(1_000_000):06}"
        if pin_problem(pin, user) is None:
            return pin


async def _furnish(database: Database, demo: DemoSecrets, trunk_port: int) -> None:
    """All in one transaction: either the whole demo is there or nothing."""
    async with database.change(ACTOR) as unit:
        account = await accounts.create(unit, AccountIn(number=ACCOUNT, name="Demo", area_code="020"))
        id = AccountId(account.id)
        lines = {user: f"+3120555{user.zfill(4)}" for user in PEOPLE}
        for e164 in (MAIN_NUMBER, *lines.values()):
            await numbers.create(unit, id, NumberIn(e164=e164))
        await accounts.change(
            unit,
            id,
            AccountIn(
                **account.model_dump(
                    include=set(AccountIn.model_fields) - {"default_caller_id", "emergency_caller_id", "facilities"}
                ),
                default_caller_id=MAIN_NUMBER,
                emergency_caller_id=MAIN_NUMBER,
                facilities=frozenset({Facility.TWINNING}),
            ),
        )
        for user, name in PEOPLE.items():
            settings = {
                "default_caller_id": lines[user],
                "ring_for": 30,
                "voicemail": demo_company.VOICEMAIL,
                "rights": {"twinning": user == "201"},
            }
            pin = SecretStr(demo.pins[user])
            await extensions.create(
                unit, id, ExtensionIn(number=user, kind="user", name=name, settings=settings, pin=pin)
            )
        await extensions.create(
            unit, id, ExtensionIn(number=GROUP, kind="group", name="Verkoop", settings={"members": ["201", "202"]})
        )
        closed = {"text": "Wij zijn op dit moment gesloten. U kunt ons bereiken op werkdagen van negen tot vijf uur."}
        await extensions.create(
            unit, id, ExtensionIn(number=CLOSED, kind="announcement", name="Gesloten", settings=closed)
        )
        for name in channel_names():
            await channels.create(unit, id, ChannelIn(name=name, password=SecretStr(demo.passwords[name])))
        await demo_company.furnish(unit, id, sales=GROUP, timezone=account.timezone)
        await _number_plans(unit, id, lines)
        carrier = TrunkIn(name=TRUNK, host="127.0.0.1", port=trunk_port, sources=[f"127.0.0.1:{trunk_port}"], qualify=0)
        await trunks.create(unit, carrier)
        await trunks.choose(unit, id, [TRUNK])
        await tokens.create(unit, TokenIn(name="administrator"), demo.token)
        await _administrator(unit, demo)


async def _administrator(unit: Unit, demo: DemoSecrets) -> None:
    """Somebody who can sign in, with the demo's password; one who has chosen another one keeps it."""
    row = await web_users.find(unit, ADMINISTRATOR)
    if row is None:
        wanted = WebUserIn(email=ADMINISTRATOR, name="Beheer", role=Role.PLATFORM)
        id = (await web_users.create(unit, wanted)).id
    elif await passwords.matches(_KNOWN_PORTAL_PASSWORD, row.password_hash):
        id = row.id
    else:
        return
    await web_users.set_password(unit, id, demo.portal_password)


async def _number_plans(unit: Unit, id: AccountId, lines: dict[str, str]) -> None:
    direct = [PlanEntryIn(e164=e164, destination=user) for user, e164 in lines.items()] + [demo_company.order_entry()]
    day = [PlanEntryIn(e164=MAIN_NUMBER, destination=GROUP, prefix="Verkoop"), *direct]
    night = [PlanEntryIn(e164=MAIN_NUMBER, destination=CLOSED), *direct]
    await plans.create_plan(unit, id, plans.MAIN, PlanIn(number=1, name="Open", entries=day))
    await plans.create_plan(unit, id, plans.MAIN, PlanIn(number=2, name="Gesloten", entries=night))
    await plans.change_schema(unit, id, plans.MAIN, plans.SchemaIn(name="Hoofdnummer", standing=1))


async def _replace(database: Database, new: DemoSecrets) -> None:
    """Only what still is the known secret is replaced: what an administrator has set stays."""
    async with database.change(ACTOR) as unit:
        await _administrator(unit, new)
        token = await tokens.find(unit, KNOWN_TOKEN)
        if token is not None and not new.known:
            await tokens.revoke(unit, token.id)
            await tokens.create(unit, TokenIn(name=token.name, account=token.account, scopes=token.scopes), new.token)
        try:
            account = await accounts.find(unit, ACCOUNT)
        except NotFound:
            return
        await _replace_phones(unit, account, new)
        await _replace_pins(unit, account, new)


async def _replace_phones(unit: Unit, account: AccountOut, new: DemoSecrets) -> None:
    id = AccountId(account.id)
    for channel in await channels.list_all(unit, id):
        if channel.name in new.passwords and await channels.password_of(unit, id, channel.name) == _known_password(
            channel.name
        ):
            changed = ChannelIn(
                **channel.model_dump(include=set(ChannelIn.model_fields) - {"password"}),
                password=SecretStr(new.passwords[channel.name]),
            )
            await channels.change(unit, id, channel.name, changed)


async def _replace_pins(unit: Unit, account: AccountOut, new: DemoSecrets) -> None:
    id = AccountId(account.id)
    for user in await extensions.list_all(unit, id, kind="user"):
        stored = (await extensions.load(unit, id, user.number)).pin_hash
        if user.number in new.pins and await pins.matches(_KNOWN_PINS[user.number], stored):
            await extensions.set_pin(unit, id, ExtensionNumber(user.number), new.pins[user.number])


def _path(home: Path) -> Path:
    return home / "secrets" / "demo.json"


def _write(home: Path, demo: DemoSecrets) -> None:
    path = _path(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f"demo.json.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(asdict(demo), option=orjson.OPT_INDENT_2))
    own.replace(path)
