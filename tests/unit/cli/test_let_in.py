"""`centrale let-in`: the last administrator has lost the authenticator, or the password (ROLE-1)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pyotp
import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from centrale.accounts import second_factor, web_links, web_users
from centrale.accounts.database import Database
from centrale.accounts.migrate import upgrade
from centrale.accounts.models import AuditRow, NoticeRow, WebUserRow
from centrale.accounts.roles import Role
from centrale.accounts.vault import Vault
from centrale.accounts.web_users import WebUserIn
from centrale.cli import COMMANDS, command_line

BOSS = "boss@centrale.example"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of an exchange whose only administrator is asked for a code."""
    asyncio.run(_furnish(tmp_path))
    return tmp_path


def _database(home: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{home / 'centrale.db'}", Vault.open(home))


async def _furnish(home: Path) -> None:
    database = _database(home)
    await upgrade(database)
    async with database.change("test") as unit:
        made = await web_users.create(unit, WebUserIn(email=BOSS, name="Boss", language="en", role=Role.PLATFORM))
        secret, _ = second_factor.propose(BOSS)
        await second_factor.switch_on(unit, made.id, secret, pyotp.TOTP(secret).at(unit.clock.now()))
    await database.close()


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(command_line(COMMANDS), ["let-in", *words], env={"CENTRALE_HOME": str(home)})


def stored(home: Path) -> tuple[WebUserRow, list[NoticeRow], list[AuditRow]]:
    async def read() -> tuple[WebUserRow, list[NoticeRow], list[AuditRow]]:
        database = _database(home)
        async with database.read() as unit:
            person = (await unit.session.scalars(select(WebUserRow))).one()
            notices = list(await unit.session.scalars(select(NoticeRow)))
            changes = list(await unit.session.scalars(select(AuditRow).order_by(AuditRow.id)))
        await database.close()
        return person, notices, changes

    return asyncio.run(read())


def test_whoever_lost_the_authenticator_signs_in_without_a_code_and_is_told(home: Path) -> None:
    result = run(home, BOSS.upper())
    assert (result.exit_code, result.output.strip()) == (0, f"{BOSS} signs in without a code from now on.")
    person, notices, changes = stored(home)
    assert (person.totp_secret, person.totp_last) == (None, None)
    assert "Whoever runs the exchange has disconnected your authenticator app" in notices[0].body
    assert (changes[-1].action, changes[-1].actor, changes[-1].object_key) == (
        "reset second factor",
        "command line",
        BOSS,
    )
    again = run(home, BOSS)
    assert (again.exit_code, f"No code is asked for when {BOSS} signs in" in again.output) == (1, True)


def test_whoever_lost_the_password_too_gets_a_link(home: Path) -> None:
    result = run(home, BOSS, "--link")
    assert result.exit_code == 0
    link = result.output.split()[-1]
    assert link.startswith("http://127.0.0.1:8000/choose-password#")

    async def choose() -> str:
        database = _database(home)
        async with database.change("test") as unit:
            email = await web_links.choose_password(unit, link.partition("#")[2], "vier rode fietsen")
        await database.close()
        return email

    assert asyncio.run(choose()) == BOSS
    assert stored(home)[0].totp_secret is None


@pytest.mark.parametrize("who", ["nobody@centrale.example", "no address", "\u212aarel@centrale.example"])
def test_nobody_else_is_meant(home: Path, who: str) -> None:
    result = run(home, who)
    assert (result.exit_code, "nobody signs in as" in result.output.lower()) == (1, True)
    assert stored(home)[0].totp_secret is not None


def test_where_there_is_no_exchange_none_is_made(tmp_path: Path) -> None:
    result = run(tmp_path / "empty", BOSS)
    assert (result.exit_code, "no exchange here yet" in result.output) == (1, True)
    assert not (tmp_path / "empty").exists()
