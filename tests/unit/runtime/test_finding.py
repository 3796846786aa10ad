"""Which Asterisk runs: the one that is named, the machine's own when it is good enough, else a private one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fake_machine import FakeMachine
from rich.console import Console

from centrale.runtime import (
    BarProgress,
    Runtime,
    RuntimeUnavailable,
    Tree,
    UnsupportedSystem,
    ensure_runtime,
    find_runtime,
    system,
)
from centrale.runtime.components import EXCHANGE, TOOLS
from centrale.runtime.fetch import MANIFEST
from centrale.runtime.model import major_version
from centrale.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=cache)


def installed(prefix: Path, says: str = "Asterisk 22.10.1", *, modules: str = "lib/asterisk/modules") -> Path:
    """An Asterisk below `prefix` that tells its version and can do nothing else."""
    program = prefix / "sbin" / "asterisk"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o755)
    (prefix / modules).mkdir(parents=True)
    (prefix / modules / "res_pjsip.so").touch()
    (prefix / "share/asterisk/documentation").mkdir(parents=True)
    return program


def fetched_before(cache: Path, *, tools: bool = False) -> Path:
    """A private runtime in the cache."""
    root = cache / (TOOLS if tools else EXCHANGE).folder("amd64")
    for program in ("sipp", "baresip") if tools else ("asterisk",):
        (root / "usr/sbin").mkdir(parents=True, exist_ok=True)
        (root / "usr/sbin" / program).touch()
    (root / MANIFEST).write_text('{"versions": {"asterisk": "1:22.10.1+dfsg+~cs6-1"}}')
    return root


@pytest.mark.parametrize("modules", ["lib/asterisk/modules", "lib/x86_64-linux-gnu/asterisk/modules"])
def test_the_one_that_is_named_is_taken(tmp_path: Path, settings: Settings, modules: str) -> None:
    program = installed(tmp_path / "opt", modules=modules)
    runtime = ensure_runtime(settings.model_copy(update={"asterisk": str(program)}))
    assert runtime == Runtime("22.10.1", program, tmp_path / "opt" / modules, tmp_path / "opt/share/asterisk")
    assert runtime.command("asterisk") == [str(program)]
    assert runtime.origin == f"system, {program}"


def test_a_certified_one_is_an_asterisk_too(tmp_path: Path) -> None:
    program = installed(tmp_path / "opt", says="Asterisk certified/22.8-cert1")
    assert system.asterisk_at(program).version == "22.8-cert1"


@pytest.mark.parametrize(
    ("says", "complaint"),
    [("Asterisk 20.6.0~dfsg", "too old"), ("something else", "too old"), ("; exit 3", "does not run")],
)
def test_a_named_one_that_cannot_be_used_is_refused_with_a_remedy(
    tmp_path: Path, settings: Settings, says: str, complaint: str
) -> None:
    named = settings.model_copy(update={"asterisk": str(installed(tmp_path / "opt", says))})
    for ask in (ensure_runtime, find_runtime):
        with pytest.raises(UnsupportedSystem, match=complaint) as refusal:
            ask(named)
        assert "CENTRALE_ASTERISK" in refusal.value.remedy


def test_a_named_one_without_its_modules_is_refused(tmp_path: Path) -> None:
    program = installed(tmp_path / "opt")
    (tmp_path / "opt/lib/asterisk/modules/res_pjsip.so").unlink()
    with pytest.raises(UnsupportedSystem, match="modules"):
        system.asterisk_at(program)


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedSystem, match="does not run"):
        system.asterisk_at(tmp_path / "asterisk")


def test_the_machines_own_is_taken_when_it_is_good_enough(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "usr")
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    assert ensure_runtime(settings).asterisk == program


def test_one_that_is_too_old_is_passed_over_for_a_private_one(
    tmp_path: Path, settings: Settings, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "usr", "Asterisk 18.10.0")
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    root = fetched_before(cache)
    runtime = find_runtime(settings)
    assert runtime is not None
    assert (runtime.root, runtime.version) == (root, "22.10.1")
    assert runtime.origin == f"private, {root}"


def test_a_good_one_of_the_machine_is_passed_over_when_the_operator_wants_a_private_one(
    tmp_path: Path, settings: Settings, cache: Path, machine: FakeMachine
) -> None:
    machine.tool("asterisk", "#!/bin/sh\necho Asterisk 23.0.0\n")
    root = fetched_before(cache)
    private = settings.model_copy(update={"asterisk": "private"})
    assert ensure_runtime(private).root == root
    assert machine.calls == []


def test_looking_fetches_nothing(settings: Settings, machine: FakeMachine) -> None:
    assert find_runtime(settings.model_copy(update={"asterisk": "private"})) is None
    assert machine.calls == []


def test_programs_come_from_the_private_runtime_first_then_from_the_machine(
    settings: Settings, cache: Path, machine: FakeMachine
) -> None:
    fetched_before(cache)
    toolbox = fetched_before(cache, tools=True)
    postgres = machine.tool("postgres", "#!/bin/sh\n")
    runtime = find_runtime(settings.model_copy(update={"asterisk": "private"}))
    assert runtime is not None
    assert runtime.command("sipp")[-1] == str(toolbox / "usr/sbin/sipp")
    assert runtime.baresip_modules == toolbox / "usr/lib/baresip/modules"
    assert runtime.command("postgres") == [str(postgres)]
    with pytest.raises(RuntimeUnavailable, match="nats-server") as missing:
        runtime.command("nats-server")
    assert "--tools" in missing.value.remedy


def test_every_folder_that_holds_libraries_is_known_to_the_loader(tmp_path: Path) -> None:
    tree = Tree.of(tmp_path, "amd64")
    (tree.libraries / "pulseaudio").mkdir(parents=True)
    (tree.libraries / "pulseaudio" / "libpulsecommon.so.17").touch()
    (tree.libraries / "asterisk").mkdir()
    paths = tree.command(tmp_path / "program")[2].split(":")
    assert paths == [str(tree.libraries), str(tree.libraries / "pulseaudio")]


@pytest.mark.parametrize(
    ("version", "major"),
    [
        ("1:22.10.1+dfsg-1", 22),
        ("Asterisk 22.10.1~dfsg", 22),
        ("23.0.0", 23),
        ("GIT-master", 0),
        ("", 0),
        ("2:9.1", 9),
    ],
)
def test_the_version_without_its_decoration(version: str, major: int) -> None:
    assert major_version(version) == major


def test_where_there_is_no_terminal_each_step_is_told_once() -> None:
    paper = io.StringIO()
    with BarProgress(Console(file=paper, force_terminal=False)) as progress:
        for step, done in (("Fetching", 0.1), ("Fetching", 0.2), ("Unpacking", 0.9)):
            progress.report(step, done)
    assert [line.rstrip() for line in paper.getvalue().splitlines() if line.strip()] == ["Fetching …", "Unpacking …"]
