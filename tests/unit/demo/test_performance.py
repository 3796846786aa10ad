"""The demo when things go wrong: what failed is named, the rest is played all the same, and the exit code is 1."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from rich.console import Console
from typer.testing import CliRunner

from centrale.cli import COMMANDS, command_line
from centrale.clock import SystemClock
from centrale.demo.client import DemoImpossible
from centrale.demo.performance import Outcome, play
from centrale.demo.scenes import Scene, ScenesDiffer
from centrale.demo.stage import Placed, Stage
from centrale.demo.terminal import Terminal, summary
from centrale.phones.phone import RegistrationRefused, WaitedInVain

RECORD = {
    "caller": "201",
    "caller_name": "Jansen [1]",
    "called": "202",
    "direction": "inside",
    "outcome": "answered",
    "answered_by": "202 Bakker",
    "started": "2026-11-22T10:00:00.000+00:00",
    "answered": "2026-11-22T10:00:02.000+00:00",
    "ended": "2026-11-22T10:00:05.500+00:00",
    "trace": [
        {
            "at": "2026-11-22T10:00:00.250+00:00",
            "rule": "dialled",
            "outcome": "extension 202",
            "facts": {"user": "201", "empty": None},
            "rejected": ["203 is away"],
        }
    ],
}


@dataclass
class Boards:
    """A stage without phones; `records`: what the exchange has of the calls that were placed."""

    records: list[dict[str, Any] | None]
    placed: list[Placed] = field(default_factory=list)
    tones_heard: int = 0
    curtains: int = 0

    @property
    def client(self) -> Boards:
        return self

    def new_scene(self) -> None:
        self.placed, self.tones_heard = [], 0

    async def curtain(self) -> None:
        self.curtains += 1

    async def record(self, _since: object, _called: str, **_by: object) -> dict[str, Any] | None:
        return self.records.pop(0)


class Nobody:
    def prepared(self, sentence: str) -> None: ...
    def begins(self, scene: Scene) -> None: ...
    def told(self, sentence: str) -> None: ...
    def ended(self, outcome: Outcome) -> None: ...


async def goes_well(stage: Stage) -> None:
    stage.placed.append(Placed("202", channel="DEMOEC01"))
    stage.tones_heard += 2


async def is_not_answered(stage: Stage) -> None:
    stage.placed.append(Placed("202", channel="DEMOEC01"))
    raise WaitedInVain("Bakker did not ring (waited 15 s)")


async def differs(stage: Stage) -> None:
    raise ScenesDiffer("the display: 'x', where 'y' was due")


def outcome_of(story: object, *records: dict[str, Any] | None) -> tuple[Outcome, Boards]:
    boards = Boards(list(records))
    scene = Scene("Inside", "Jansen calls Bakker.", cast(Any, story))
    return asyncio.run(play(cast(Stage, boards), scene, SystemClock(), Nobody())), boards


def test_a_scene_that_goes_well_is_good_and_its_records_are_shown() -> None:
    outcome, boards = outcome_of(goes_well, RECORD)
    assert (outcome.good, outcome.tones_heard, outcome.records, boards.curtains) == (True, 2, [RECORD], 1)


@pytest.mark.parametrize(
    ("story", "problem"), [(is_not_answered, "Bakker did not ring"), (differs, "where 'y' was due")]
)
def test_what_the_phones_saw_otherwise_is_the_problem_and_no_call_is_left_behind(story: object, problem: str) -> None:
    outcome, boards = outcome_of(story, RECORD)
    assert not outcome.good
    assert problem in outcome.problem
    assert boards.curtains == 1


def test_a_call_without_a_record_is_a_problem_even_when_all_else_went_well() -> None:
    outcome, _ = outcome_of(goes_well, None)
    assert outcome.problem == "1 of 1 calls left no record"


def test_the_terminal_shows_traces_reasons_and_what_failed() -> None:
    text = io.StringIO()
    console = Console(file=text, width=120)
    good, _ = outcome_of(goes_well, RECORD)
    bad, _ = outcome_of(differs)
    with Terminal(console) as terminal:
        for outcome in (good, bad):
            terminal.begins(outcome.scene)
            terminal.ended(outcome)
    console.print(summary([good, bad]))
    shown = " ".join(text.getvalue().split())
    assert "Record of Jansen [1] 201 → 202 (inside, answered by 202 Bakker), talked 3.5 s" in shown
    assert "0.25 dialled extension 202 user 201; not 203 is away" in shown
    assert "✗ the display: 'x', where 'y' was due" in shown
    assert shown.count("✓") == 2


@pytest.mark.parametrize(("good", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_tells_whether_all_went_well(monkeypatch: pytest.MonkeyPatch, good: bool, code: int) -> None:
    async def demo(*_: object) -> bool:
        return good

    monkeypatch.setattr("centrale.cli.demo.ensure_runtime", lambda *_, **__: None)
    monkeypatch.setattr("centrale.cli.demo._demo", demo)
    assert CliRunner().invoke(command_line({"demo": COMMANDS["demo"]}), ["demo"]).exit_code == code


@pytest.mark.parametrize(
    ("problem", "told", "remedy"),
    [
        (DemoImpossible("the demo account was deleted", "set CENTRALE_HOME"), "The demo account", "set CENTRALE_HOME"),
        (RegistrationRefused("Jansen", 408, "timeout"), "Jansen may not register", "centrale doctor"),
        (OSError("address already in use"), "address already in use", "centrale doctor"),
    ],
    ids=str,
)
def test_why_there_can_be_no_demo_is_told_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, told: str, remedy: str
) -> None:
    async def demo(*_: object) -> bool:
        raise problem

    monkeypatch.setattr("centrale.cli.demo.ensure_runtime", lambda *_, **__: None)
    monkeypatch.setattr("centrale.cli.demo._demo", demo)
    result = CliRunner().invoke(command_line({"demo": COMMANDS["demo"]}), ["demo"])
    assert result.exit_code == 1
    assert told in result.output
    assert remedy in result.output
