"""`centrale simulate queue` (issue 4, point 7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from centrale.accounts import accounts, records
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.migrate import upgrade
from centrale.accounts.records import Record
from centrale.accounts.vault import Vault
from centrale.calls.record import Direction, Outcome
from centrale.cli import COMMANDS, command_line

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def simulate(*words: str, home: Path | None = None) -> Result:
    env = {"CENTRALE_HOME": str(home)} if home else {}
    return CliRunner().invoke(command_line(COMMANDS), ["simulate", "queue", *words], env={**env, "COLUMNS": "120"})


def record(number: int, *, called: str, talked: float | None, through: str | None = None) -> Record:
    """A call that waited ten seconds."""
    began = MORNING + timedelta(minutes=number)
    answered = None if talked is None else began + timedelta(seconds=10)
    return Record(
        id=f"call-{called}-{number}",
        account=1,
        started=began,
        answered=answered,
        ended=began + timedelta(seconds=10 + (talked or 0)),
        direction=Direction.INBOUND,
        caller="+31612345678",
        called=called,
        outcome=Outcome.ABANDONED if talked is None else Outcome.ANSWERED,
        trace=[{"rule": "queue-offer", "facts": {"queue": through}}] if through else [],
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an exchange with a day of calls: 30 to queue 300 and 10 elsewhere."""
    home = tmp_path_factory.mktemp("home")

    async def furnish() -> None:
        database = Database(f"sqlite+aiosqlite:///{home / 'centrale.db'}", Vault.open(home))
        await upgrade(database)
        async with database.change("test") as unit:
            await accounts.create(unit, AccountIn(number="ACME", name="Acme"))
            direct = [record(number, called="300", talked=120.0 if number % 5 else None) for number in range(20)]
            by_plan = [record(number, called="+31201110300", talked=60.0, through="300") for number in range(10)]
            others = [record(number, called="201", talked=60.0) for number in range(10)]
            await records.store(await unit.session.connection(), [*direct, *by_plan, *others])
        await database.close()

    asyncio.run(furnish())
    return home


def test_callers_by_chance_with_theory_beside() -> None:
    told = simulate("--agents", "5", "--calls-per-hour", "60", "--talk", "180", "--patience", "90", "--hours", "20")
    assert told.exit_code == 0
    assert "60 calls an hour by chance for 20 hours, 5 agents" in told.output
    for words in ("engine", "Erlang A", "service level: answered within 20 s", "nine of ten", "occupancy", "gave up"):
        assert words in told.output


def test_the_same_seed_tells_the_same_and_another_does_not() -> None:
    words = ("--agents", "3", "--calls-per-hour", "60", "--hours", "5", "--strategy", "random")
    assert simulate(*words).output == simulate(*words).output
    assert simulate(*words, "--seed", "2").output != simulate(*words).output


def test_too_few_agents_are_told_in_words() -> None:
    told = simulate("--agents", "1", "--calls-per-hour", "60", "--hours", "2")
    assert "without end" in told.output
    assert "cannot manage" in told.output


def test_the_calls_of_a_day_as_they_came(home: Path) -> None:
    told = simulate("--agents", "3", "--account", "ACME", "--queue", "300", "--day", "2026-03-02", home=home)
    assert told.exit_code == 0, told.output
    assert "30 calls to 300 as they came, 3 agents" in told.output


def test_a_day_without_calls_and_other_mistakes_are_told(home: Path) -> None:
    day = ("--agents", "3", "--account", "ACME", "--queue", "300", "--day")
    assert "Nobody calls" in simulate(*day, "2026-03-03", home=home).output
    assert "is no day" in simulate(*day, "Monday", home=home).output
    assert (
        "there is no account" in simulate("--agents", "3", "--account", "X", "--queue", "3", home=home).output.lower()
    )
    assert "Who calls?" in simulate("--agents", "3").output
    assert simulate("--agents", "0", "--calls-per-hour", "5").exit_code == 2


def test_it_makes_no_database(tmp_path: Path) -> None:
    told = simulate("--agents", "3", "--account", "ACME", "--queue", "300", home=tmp_path / "none")
    assert told.exit_code == 1
    assert "there is no exchange here" in told.output.lower()
    assert not (tmp_path / "none").exists()
