"""`centrale simulate queue` (issue 4, point 7)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from centrale.acd.simulation import Staff, by_chance
from centrale.acd.simulation import simulate as run
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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--agents 3", "Who calls?"),
        ("--agents 3 --like 2026-03-02", "give both --account and --queue"),
        ("--agents 3 --queue 300 --calls-per-hour 60", "not both"),
        ("--agents 3 --calls-per-hour 1000000 --hours 100000", "2,000,000 are the most"),
        ("--agents 3 --calls-per-hour 0.01 --hours 0.01", "Nobody calls"),
    ],
)
def test_mistakes_are_told(words: str, told: str) -> None:
    result = simulate(*words.split())
    assert result.exit_code == 1
    assert told in result.output


@pytest.mark.parametrize("option", ["calls-per-hour", "talk", "patience", "hours", "wrap-up", "answer-after", "within"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e300", "many"])
def test_what_is_no_sensible_number_is_refused(option: str, value: str) -> None:
    result = simulate("--agents", "2", "--calls-per-hour", "10", "--hours", "1", f"--{option}", value)
    assert result.exit_code == 2
    assert f"--{option}" in result.output


def test_who_waits_is_told_how_far_it_is() -> None:
    come: list[int] = []
    calls = by_chance(1.0, 10.0, None, 5_000, seed=1)
    run(calls, Staff(20), 20, tell=come.append)
    assert come == list(range(0, len(calls), 1_000))


def test_it_makes_no_database(tmp_path: Path) -> None:
    told = simulate("--agents", "3", "--account", "ACME", "--queue", "300", home=tmp_path / "none")
    assert told.exit_code == 1
    assert "there is no exchange here" in told.output.lower()
    assert not (tmp_path / "none").exists()
