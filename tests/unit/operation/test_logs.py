"""What is written down of a running exchange: for programs and for people, bounded, and without secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog

from centrale.operation import logs
from centrale.operation.logs import HIDDEN, configure_logs, redact

Terminal = Callable[[], str]
"""Gives what a person has seen since it was asked last."""


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """What a person sees; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield lambda: capsys.readouterr().err
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def written(home: Path, program: str = "supervisor") -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (home / "log" / f"{program}.log").read_bytes().splitlines()]


def test_programs_read_json_and_people_read_lines(tmp_path: Path, terminal: Terminal) -> None:
    configure_logs(tmp_path, "supervisor")
    structlog.get_logger("centrale.test").info("Asterisk runs", pid=42)
    (line,) = written(tmp_path)
    assert (line["event"], line["pid"], line["level"], line["logger"]) == (
        "Asterisk runs",
        42,
        "info",
        "centrale.test",
    )
    assert line["timestamp"].endswith("Z")
    shown = terminal()
    assert "Asterisk runs" in shown
    assert "pid=42" in shown


def test_what_libraries_say_lands_there_too(tmp_path: Path, terminal: Terminal) -> None:
    configure_logs(tmp_path, "supervisor")
    logging.getLogger("some.library").warning("lost %s", "a connection")
    logging.getLogger("some.library").debug("chatter")
    (line,) = written(tmp_path)
    assert (line["event"], line["level"], line["logger"]) == ("lost a connection", "warning", "some.library")


def test_a_mistake_of_ours_is_written_with_its_place(tmp_path: Path, terminal: Terminal) -> None:
    configure_logs(tmp_path, "supervisor")
    try:
        raise LookupError("nobody there")
    except LookupError:
        structlog.get_logger("centrale.test").exception("a call broke")
    (line,) = written(tmp_path)
    assert line["exception"][0]["exc_type"] == "LookupError"
    assert line["exception"][0]["frames"][-1]["name"] == "test_a_mistake_of_ours_is_written_with_its_place"


@pytest.mark.parametrize(
    "key",
    ["password", "new_passwd", "client_secret", "api_key", "apikey", "token", "Authorization", "cookie", "pin", "ha1"],
)
def test_secrets_reach_neither(tmp_path: Path, terminal: Terminal, key: str) -> None:
    configure_logs(tmp_path, "supervisor")
    logger = structlog.get_logger("centrale.test")
    logger.info("changed", **{key: "hush-1"}, user={"name": "Jansen", key: "hush-2"}, all=[{key: ["hush-3"]}])
    assert "hush" not in (tmp_path / "log" / "supervisor.log").read_text()
    assert "hush" not in terminal()
    (line,) = written(tmp_path)
    assert line[key] == HIDDEN
    assert line["user"] == {"name": "Jansen", key: HIDDEN}


def test_nor_does_what_was_at_hand_when_a_mistake_happened(tmp_path: Path, terminal: Terminal) -> None:
    configure_logs(tmp_path, "supervisor")

    def check(given: str) -> None:
        raise LookupError("nobody there")

    pin = "-".join(["hush", "4711"])  # made, so that it stands in no line of this file
    try:
        check(pin)
    except LookupError:
        structlog.get_logger("centrale.test").exception("a call broke")
    shown = terminal()
    assert "nobody there" in shown
    assert "hush" not in shown
    assert "hush" not in (tmp_path / "log" / "supervisor.log").read_text()


@pytest.mark.parametrize("key", ["pinned", "shopping", "spin", "extension_number", "keyboard"])
def test_words_that_only_look_like_secrets_stay(key: str) -> None:
    assert redact(None, "info", {key: "shown"})[key] == "shown"


def test_that_there_is_no_secret_may_be_seen() -> None:
    assert redact(None, "info", {"password": None, "token": ""}) == {"password": None, "token": ""}


def test_a_log_never_fills_the_disk(tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_BYTES_PER_FILE", 1_000)
    configure_logs(tmp_path, "supervisor")
    for number in range(200):
        structlog.get_logger("centrale.test").info("again", number=number)
    files = sorted((tmp_path / "log").iterdir())
    assert len(files) == 5
    assert all(file.stat().st_size <= 1_000 for file in files)
    assert written(tmp_path)[-1]["number"] == 199
