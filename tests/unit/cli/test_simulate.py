"""`centrale simulate queue` with callers who came, from what is kept for statistics (issue 4, points 6 and 7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from centrale.accounts import accounts, queue_event_store
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.migrate import upgrade
from centrale.accounts.queue_figures import QueueEvent, ms_of
from centrale.accounts.vault import Vault
from centrale.cli import COMMANDS, command_line

MIDNIGHT = ms_of(datetime(2026, 3, 1, 23, 0, tzinfo=UTC))
"""Of Monday, the second of March, in Amsterdam."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an exchange; on Monday ten people called queue 300, one a minute, and one on Tuesday."""
    home = tmp_path_factory.mktemp("home")
    asyncio.run(_furnish(home))
    return home


async def _furnish(home: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{home / 'centrale.db'}", Vault.open(home))
    await upgrade(database)
    async with database.change("test") as unit:
        id = (await accounts.create(unit, AccountIn(number="ACME", name="Acme"))).id
    events = []
    for number, came in enumerate([*range(MIDNIGHT, MIDNIGHT + 600_000, 60_000), MIDNIGHT + 90_000_000]):
        stay = QueueEvent(id, "300", came, came, "joined", f"c{number}")
        answered = stay._replace(at=came + 5_000, what="answered", agent="201", ms=5_000)
        events += [stay, answered, answered._replace(at=came + 95_000, what="talk_ended", ms=90_000)]
    async with database.connection() as connection:
        await queue_event_store.store(connection, events)
    await database.close()


@pytest.fixture
def simulate(home: Path, monkeypatch: pytest.MonkeyPatch) -> Simulate:
    monkeypatch.setenv("CENTRALE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")
    return Simulate()


class Simulate:
    def __call__(self, *words: str) -> Result:
        command = ["simulate", "queue", "--account", "ACME", "--queue", "300", *words]
        return CliRunner().invoke(command_line({"simulate": COMMANDS["simulate"], "up": COMMANDS["up"]}), command)


def test_a_day_as_it_was(simulate: Simulate) -> None:
    result = simulate("--agents", "2", "--like", "2026-03-02")
    assert result.exit_code == 0, result.output
    assert "10 calls to 300 as they came, 2 agents" in result.output
    # Talks of 90 s, one a minute: two agents take everybody at once.
    assert "10 calls, 10 answered" in result.output
    assert "mean wait" in result.output
    assert "0.0 s" in result.output


def test_with_one_agent_less_callers_wait(simulate: Simulate) -> None:
    result = simulate("--agents", "1", "--like", "2026-03-02")
    assert "longest wait" in result.output
    assert "270.0 s" in result.output  # each of nine waits 30 s longer than the one before


@pytest.mark.parametrize(
    ("like", "calls"),
    [("2026-03", 11), ("2026-03-02..2026-03-03", 11), ("2026-03-03", 1), ("2026-03-03..2026-03-09", 1)],
)
def test_longer_periods(simulate: Simulate, like: str, calls: int) -> None:
    assert f"{calls} calls to 300 as they came" in simulate("--agents", "2", "--like", like).output


@pytest.mark.parametrize(
    "like",
    ["yesterday", "2026-13", "2026-03-02..2026-03-01", "..2026-03-02", "2026-3", "9999-12", "9999-12-31", "0001-01-01"],
)
def test_what_is_no_day(simulate: Simulate, like: str) -> None:
    result = simulate("--agents", "2", "--like", like)
    assert result.exit_code == 1
    assert "is no day" in result.output


def test_a_day_without_callers(simulate: Simulate) -> None:
    result = simulate("--agents", "2", "--like", "2026-03-07")
    assert result.exit_code == 1
    assert "Nobody calls" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--queue", "999"), "There is no record of any call to queue 999"),
        (("--account", "NOBODY"), "There is no account NOBODY"),
        (("--account", "[/b]"), "There is no account [/b]"),
        (("--calls-per-hour", "60"), "not both"),
    ],
)
def test_mistakes_are_told(simulate: Simulate, words: tuple[str, ...], told: str) -> None:
    result = simulate("--agents", "2", *words)
    assert result.exit_code == 1
    assert told in result.output
    assert "→" in result.output
