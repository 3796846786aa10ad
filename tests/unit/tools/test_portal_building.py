"""The portal is built beside the pages that are being served: whoever has one open keeps its parts (issue 5.7)."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "portal.py"


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, over a checkout of nothing."""
    spec = importlib.util.spec_from_file_location("portal_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    built = tmp_path / "portal_files"
    for name, path in {
        "BUILT": built,
        "STAMP": built / "stamp.json",
        "NEW": tmp_path / "build" / "portal",
        "MODULES": tmp_path / "node_modules",
    }.items():
        monkeypatch.setattr(tool, name, path)
    (tmp_path / "build").mkdir()
    return tool


def build(tool: ModuleType, name: str) -> None:
    """Pages whose parts are called after this build."""
    (tool.NEW / "assets").mkdir(parents=True)
    (tool.NEW / "index.html").write_text(name)
    (tool.NEW / "assets" / f"part-{name}.js").write_text(name)
    tool.put_in_place(name)


def served(tool: ModuleType) -> tuple[str, set[str]]:
    return (tool.BUILT / "index.html").read_text(), {path.name for path in (tool.BUILT / "assets").iterdir()}


def days_pass(tool: ModuleType, days: float) -> None:
    for path in tool.BUILT.rglob("*"):
        then = path.stat().st_mtime - days * 24 * 3600
        os.utime(path, (then, then))


def test_parts_of_the_pages_before_stay_for_a_week(tool: ModuleType) -> None:
    build(tool, "monday")
    days_pass(tool, 30)
    build(tool, "tuesday")
    assert served(tool) == ("tuesday", {"part-monday.js", "part-tuesday.js"}), "counted from when they were replaced"
    assert tool.stamped() == "tuesday"
    days_pass(tool, 6)
    build(tool, "next monday")
    assert served(tool)[1] == {"part-monday.js", "part-tuesday.js", "part-next monday.js"}
    days_pass(tool, 2)
    build(tool, "next wednesday")
    assert served(tool)[1] == {"part-tuesday.js", "part-next monday.js", "part-next wednesday.js"}


def test_a_part_that_is_in_use_stays_however_old_it_is(tool: ModuleType) -> None:
    build(tool, "same")
    days_pass(tool, 30)
    build(tool, "same")
    days_pass(tool, 30)
    build(tool, "same")
    assert served(tool) == ("same", {"part-same.js"})


def test_the_page_comes_after_all_its_parts(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tool, "before")
    (tool.NEW / "zoo").mkdir(parents=True)
    for name in ("index.html", "a.js", "zoo/last.js"):
        (tool.NEW / name).write_text("after")
    order = []
    replace = Path.replace

    def noted(path: Path, target: Path) -> Path:
        order.append(path.name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    tool.put_in_place("after")
    assert order == ["a.js", "last.js", "index.html", "stamp.json"]


def failing_npm(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def npm(words: list[str], problem: str) -> str:
        (tool.MODULES / "half").mkdir(parents=True)  # it removes what is there before it fetches
        raise tool.BuildError(problem, said)

    monkeypatch.setattr(tool, "npm", npm)


def test_a_registry_that_is_away_costs_nothing_that_is_there(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tool, "before")
    (tool.MODULES / "react").mkdir(parents=True)
    failing_npm(tool, monkeypatch, "npm error code ENOTFOUND\nnpm error network request failed")
    with pytest.raises(tool.BuildError, match="does not reach its registry") as stopped:
        tool.fetch_packages()
    assert "npm config set registry" in stopped.value.detail
    assert "The pages that were built before are still there" in stopped.value.detail
    assert [path.name for path in tool.MODULES.iterdir()] == ["react"]
    assert served(tool)[0] == "before"


def test_a_first_build_without_a_registry_says_what_works(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_npm(tool, monkeypatch, "npm error code ECONNREFUSED")
    with pytest.raises(tool.BuildError) as stopped:
        tool.fetch_packages()
    assert "The API works without pages" in stopped.value.detail


def test_a_wrong_lock_file_is_not_blamed_on_the_registry(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_npm(tool, monkeypatch, "npm error code EUSAGE\nnpm error `npm ci` needs package.json and the lock in sync")
    with pytest.raises(tool.BuildError) as stopped:
        tool.fetch_packages()
    assert "registry" not in str(stopped.value)


def test_what_the_checks_found_is_told_when_all_of_them_are_done(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def npm(words: list[str], problem: str) -> str:
        if words == ["run", "check"]:
            raise tool.BuildError(problem, "Users.tsx: 'name' is never used")
        return "385 passed"

    monkeypatch.setattr(tool, "npm", npm)
    with pytest.raises(tool.BuildError) as stopped:
        tool.check()
    assert "never used" in stopped.value.detail
    assert "385 passed" in capsys.readouterr().out
