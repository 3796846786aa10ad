"""A setting that is wrong is named in words, whichever command is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from centrale.cli import COMMANDS, command_line

WORDS = {
    "explain": ["1000", "201", "202"],
    "token": ["mine"],
    "let-in": ["beheer@example.org"],
    "export": ["1000"],
    "import": ["{file}"],
    "simulate": ["queue", "--agents", "3", "--account", "1000", "--queue", "300"],
}
"""What a command is typed with at least."""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_wrong_setting_is_named_and_nothing_is_done(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = tmp_path / "home", tmp_path / "account.yaml"
    file.write_text("format: 1\n")
    monkeypatch.setenv("CENTRALE_HOME", str(home))
    monkeypatch.setenv("CENTRALE_SIP_PORT", "many")
    words = [word.replace("{file}", str(file)) for word in WORDS.get(name, [])]
    typed = CliRunner().invoke(command_line(COMMANDS), [name, *words])
    assert typed.exit_code == 1, typed.output
    assert "CENTRALE_SIP_PORT" in typed.output
    assert "Traceback" not in typed.output
    assert not isinstance(typed.exception, Exception) or isinstance(typed.exception, SystemExit)
    assert not home.exists()
