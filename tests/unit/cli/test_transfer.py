"""`centrale export` and `centrale import`, as an administrator types them (issue 2.10)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from centrale.accounts import demo
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.sound_files import tidy
from centrale.accounts.vault import Vault
from centrale.bootstrap import open_database
from centrale.cli import command_line
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.runtime.lifetime import ends_with_us
from centrale.settings import Settings
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone

Type = Callable[..., Result]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo account, to be copied."""
    home = tmp_path_factory.mktemp("home")
    asyncio.run(_furnish(home))
    return home


async def _furnish(home: Path) -> None:
    database = await open_database(Settings(home=home))
    await demo.make(database, home, open_to_network=False, trunk_port=5999)
    await database.close()


@pytest.fixture
def home(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    subprocess.run(["cp", "-r", furnished, home], check=True)
    monkeypatch.setenv("CENTRALE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "160")
    return home


@pytest.fixture
def type_(home: Path) -> Type:
    """Types a command; what it prints on both outputs is in `output`."""
    program = command_line({"export": "export", "import": "import_"})
    return lambda *words, **how: CliRunner().invoke(program, [str(word) for word in words], **how)


@pytest.fixture
def file(type_: Type, tmp_path: Path) -> Path:
    """The demo account as a file."""
    path = tmp_path / "demo.yaml"
    assert type_("export", "DEMO", "--output", path).exit_code == 0
    return path


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def test_an_account_is_printed_or_written_for_its_owner_only(type_: Type, file: Path) -> None:
    printed = type_("export", "DEMO")

    assert printed.exit_code == 0
    assert printed.stdout == file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [it.name for it in file.parent.glob("*demo.yaml*")] == ["demo.yaml"]
    assert type_("export", "1").stdout == printed.stdout
    assert "password" not in printed.stdout
    assert "demoec01-demo" in type_("export", "DEMO", "--with-secrets").stdout


def test_an_unchanged_file_changes_nothing(type_: Type, file: Path) -> None:
    shown = type_("import", file)
    assert (shown.exit_code, shown.output) == (0, "Nothing to change: account DEMO is as the file says.\n")


def test_changes_are_shown_asked_and_done(type_: Type, file: Path) -> None:
    edit(file, "name: Jansen", "name: Jansen-Smit")
    edit(file, "ring_for: 30", "ring_for: 25")

    declined = type_("import", file, input="n\n")
    for word in ("change extension 201", "Jansen-Smit", "settings.ring_for", "30", "25", "0 to create, 1 to change"):
        assert word in declined.output
    assert declined.output.endswith("Nothing was changed.\n")
    assert "Jansen-Smit" not in type_("export", "DEMO").stdout

    done = type_("import", file, input="y\n")
    assert "Done. Account DEMO has id 1." in done.output
    assert type_("export", "DEMO").stdout == file.read_text()


def test_sounds_travel_in_a_folder_beside_the_file(type_: Type, home: Path, tmp_path: Path) -> None:
    write_wav(home / "sounds" / "1" / "hours.wav", tone(440, seconds=0.2))
    asyncio.run(_tidy(home))
    alone = type_("export", "DEMO", "--with-audio")
    assert alone.exit_code == 1
    assert "--output" in alone.output
    file = tmp_path / "moving.yaml"
    assert type_("export", "DEMO", "--with-audio", "--output", file).exit_code == 0
    assert (tmp_path / "moving.audio" / "sounds" / "hours.wav").exists()

    file.write_text(SOUTH)
    done = type_("import", file, "--yes")
    assert "Done." in done.output, done.output
    (copy,) = [path for path in (home / "sounds").glob("*/hours.wav") if path.parent.name != "1"]
    assert copy.read_bytes() == (home / "sounds" / "1" / "hours.wav").read_bytes()


SOUTH = """\
format: 1
account: {number: SOUTH, name: South}
sounds: [{file: hours.wav, name: Hours}]
schemas: [{number: 1, name: Main, plans: [], schedule: [], holidays: []}]
extensions: []
channels: []
numbers: []
trunks: []
expectations: []
"""


async def _tidy(home: Path) -> None:
    database = await open_database(Settings(home=home))
    await tidy(database, home)
    await database.close()


def test_a_dry_run_shows_and_does_nothing(type_: Type, file: Path) -> None:
    edit(file, "name: Jansen", "name: Jansen-Smit")
    shown = type_("import", file, "--dry-run", "--yes")
    assert shown.exit_code == 0
    assert "Jansen-Smit" in shown.output
    assert "Jansen-Smit" not in type_("export", "DEMO").stdout


def test_without_an_answer_nothing_is_done(type_: Type, file: Path) -> None:
    edit(file, "name: Jansen", "name: Jansen-Smit")
    assert type_("import", file, input="").exit_code == 1
    assert "Jansen-Smit" not in type_("export", "DEMO").stdout


def test_mistakes_are_told_with_file_and_line_and_what_to_do(type_: Type, file: Path) -> None:
    edit(file, "ring_for: 30", "ring_for: long")
    line = 1 + file.read_text().splitlines().index("    ring_for: long")

    refused = type_("import", file, "--yes")

    assert refused.exit_code == 1
    assert f"{file}:{line} extensions[0].settings.ring_for: Input should be a valid integer" in refused.output
    assert "→ correct it" in refused.output
    assert "nothing was changed" in refused.output


def test_a_copy_beside_it_names_what_is_taken_and_then_works(type_: Type, file: Path) -> None:
    taken = type_("import", file, "--account", "SOUTH", "--yes")
    assert taken.exit_code == 1
    assert "+31205550100 belongs to another account" in taken.output
    assert "DEMOEC01 belongs to another account" in taken.output

    file.write_text(file.read_text().replace("+3120555", "+3130555").replace("DEMOEC", "SOUTHEC"))
    done = type_("import", file, "--account", "SOUTH", "--yes")
    assert done.exit_code == 0, done.output
    assert "Account SOUTH has id 2." in done.output
    assert "Passwords were made for SOUTHEC01, SOUTHEC02" in done.output
    assert "Nothing to change" in type_("import", file, "--account", "2").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export", "NOBODY"), "There is no account NOBODY"),
        (("export", "DEMO", "--output", "/nowhere/demo.yaml"), "cannot be written"),
        (("import", "/nowhere/demo.yaml"), "cannot be read"),
        (("import", "/dev/null"), "is empty"),
        (("import", sys.executable), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(type_: Type, words: tuple[str, ...], told: str) -> None:
    refused = type_(*words)
    assert refused.exit_code == 1
    assert told in refused.output
    assert "Traceback" not in refused.output


def test_a_database_that_is_away_is_told_in_words(type_: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CENTRALE_DATABASE_URL", f"postgresql+psycopg://centrale@/centrale?host={tmp_path}")
    refused = type_("export", "DEMO")
    assert refused.exit_code == 1
    assert "the database cannot be used now" in refused.output.lower()


async def test_the_running_exchange_sees_the_change(home: Path, file: Path) -> None:
    """The import is another process; the exchange's own picture follows by itself."""
    running = Database(Settings(home=home).database, Vault.open(home))
    directory = Directory(running)
    await directory.load()
    seen = asyncio.Event()
    directory.on_change(lambda picture, changed: seen.set())
    watch = asyncio.create_task(directory.watch())
    edit(file, "name: Jansen", "name: Jansen-Smit")

    command = [sys.executable, "-c", "from centrale.cli import main; main()", "import", str(file), "--yes"]
    environment = os.environ | {"CENTRALE_HOME": str(home)}
    imported = await asyncio.create_subprocess_exec(*command, env=environment, preexec_fn=ends_with_us())
    assert await imported.wait() == 0
    async with asyncio.timeout(20):
        await seen.wait()

    assert directory.current.accounts[AccountId(1)].extensions[ExtensionNumber("201")].name == "Jansen-Smit"
    watch.cancel()
    await asyncio.wait([watch])
    await running.close()


def expecting(file: Path, called: str, reaches: str) -> None:
    """Has the file expect something of the main number."""
    edit(
        file,
        "expectations: []",
        f"expectations:\n- name: Sales on Mondays\n  at: monday 10:00\n  caller: anonymous\n  called: '{called}'\n"
        f"  outcome: {{reaches: '{reaches}'}}",
    )


def test_an_import_that_breaks_what_is_expected_shows_the_call_and_is_refused(
    type_: Type, file: Path, home: Path
) -> None:
    expecting(file, "+31205550100", "300")
    assert type_("import", file, "--yes").exit_code == 0
    edit(file, "standing: 1", "standing: 2")

    refused = type_("import", file, "--yes")

    assert refused.exit_code == 1, refused.output
    output = " ".join(refused.output.split())
    assert "“Sales on Mondays” would not hold any more" in output
    assert "expected: Monday 10:00, from anonymous to +31205550100: reaches 300" in output
    assert "instead: +31205550100" in output
    assert "leads to extension" in output
    assert "--despite-expectations does it all the same" in output
    assert type_("import", file, "--yes", "--despite-expectations").exit_code == 0
    assert "Nothing to change" in type_("import", file).output
