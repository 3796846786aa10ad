"""`centrale simulate queue` (issue 4, point 7)."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from centrale.cli import COMMANDS, command_line


def simulate(*words: str, home: Path | None = None) -> Result:
    env = {"CENTRALE_HOME": str(home)} if home else {}
    return CliRunner().invoke(command_line(COMMANDS), ["simulate", "queue", *words], env={**env, "COLUMNS": "120"})


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


def test_mistakes_are_told() -> None:
    assert "Who calls?" in simulate("--agents", "3").output
    assert simulate("--agents", "0", "--calls-per-hour", "5").exit_code == 2


def test_it_makes_no_database(tmp_path: Path) -> None:
    told = simulate("--agents", "3", "--account", "ACME", "--queue", "300", home=tmp_path / "none")
    assert told.exit_code == 1
    assert "there is no exchange here" in told.output.lower()
    assert not (tmp_path / "none").exists()
