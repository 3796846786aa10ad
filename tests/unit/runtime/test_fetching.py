"""Fetching a private Asterisk: whole or not at all, once, and with words when it cannot be."""

from __future__ import annotations

import platform
import shutil
import threading
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_machine import LOADER, VERSION, FakeMachine, with_asterisk

from centrale.runtime import (
    NoNetwork,
    NoSpace,
    NotOnMirror,
    NotTrusted,
    RuntimeUnavailable,
    Silent,
    Tree,
    UnsupportedSystem,
    fetch,
)
from centrale.runtime.components import EXCHANGE, TOOLS
from centrale.runtime.fetch import any_cached_tree, fetch_tree, fetched_version


class Report(NamedTuple):
    step: str
    done: float


class Listening:
    def __init__(self) -> None:
        self.reports: list[Report] = []

    def report(self, step: str, done: float) -> None:
        self.reports.append(Report(step, done))


@pytest.fixture(autouse=True)
def debian_12(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"})


def fetched(machine: FakeMachine, cache: Path) -> Tree:
    return fetch_tree(cache, EXCHANGE, Silent(), machine.etc_apt)


def left_in(cache: Path) -> set[str]:
    """What lies in the cache beside the lock."""
    return {path.name for path in cache.iterdir()} - {"runtime.lock"} if cache.exists() else set()


def refused(machine: FakeMachine, cache: Path, kind: type[RuntimeUnavailable]) -> RuntimeUnavailable:
    with pytest.raises(RuntimeUnavailable) as refusal:
        fetched(machine, cache)
    assert type(refusal.value) is kind
    assert refusal.value.remedy, "the operator is told what to do"
    return refusal.value


def test_what_was_fetched_runs_through_its_own_loader(machine: FakeMachine, cache: Path) -> None:
    tree = fetched(with_asterisk(machine), cache)
    program = tree.program("asterisk")
    assert program == tree.root / "usr/sbin/asterisk"
    words = tree.command(program)
    assert words[:2] == [str(tree.root / LOADER), "--library-path"]
    assert words[-1] == str(program)
    assert fetched_version(tree, "asterisk") == VERSION


def test_it_is_fetched_once(machine: FakeMachine, cache: Path) -> None:
    first = fetched(with_asterisk(machine), cache)
    asked = machine.calls
    assert fetched(machine, cache) == first == any_cached_tree(cache, EXCHANGE)
    assert machine.calls == asked
    assert left_in(cache) == {first.root.name}


def test_what_is_never_run_or_read_is_not_kept(machine: FakeMachine, cache: Path) -> None:
    tree = fetched(with_asterisk(machine), cache)
    assert not (tree.root / "usr/bin/perl").exists()
    assert not (tree.root / "usr/share/doc").exists()


def test_the_machines_own_mirror_and_key_are_used_and_its_package_state_is_not(
    machine: FakeMachine, cache: Path
) -> None:
    fetched(with_asterisk(machine), cache)
    sources = machine.used("mirror.sources")
    assert "URIs: http://mirror.test/debian" in sources
    assert "Signed-By: /keys.gpg" in sources
    assert "Suites: forky" in sources
    conf = machine.used("apt.conf")
    for folder in ("Dir::State", "Dir::State::status", "Dir::Cache", "Dir::Etc::SourceList"):
        line = next(line for line in conf.splitlines() if line.startswith(f"{folder} "))
        assert line.split('"')[1].startswith(str(cache))


def test_progress_goes_from_the_first_list_to_the_end_and_never_back(machine: FakeMachine, cache: Path) -> None:
    heard = Listening()
    fetch_tree(cache, EXCHANGE, with_asterisk(machine) and heard, machine.etc_apt)
    done = [report.done for report in heard.reports]
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert len(set(done)) > 5
    steps = list(dict.fromkeys(report.step for report in heard.reports))
    assert steps == [
        "Reading the list of packages of forky",
        "Fetching asterisk from forky",
        "Unpacking",
        "Trying it",
        "Exchange ready",
    ]


BROKEN = [
    (
        "update-forky",
        "Err:1 http://mirror.test forky InRelease\n  Could not resolve 'mirror.test'\n"
        "E: Failed to fetch http://mirror.test/InRelease  Could not resolve 'mirror.test'",
        NoNetwork,
    ),
    ("install", "E: Failed to fetch a.deb  Connection timed out", NoNetwork),
    ("install", "E: Failed to fetch a.deb  Hash Sum mismatch", NotTrusted),
    ("install", "E: You don't have enough free space in /cache/archives/.", NoSpace),
    ("unpack", "dpkg-deb: error: failed to write (No space left on device)", NoSpace),
    ("unpack", "dpkg-deb: error: not a Debian format archive", UnsupportedSystem),
    ("update-forky", "E: The repository 'http://mirror.test forky InRelease' is not signed.", NotTrusted),
    ("update-forky", "W: GPG error: The following signatures couldn't be verified: NO_PUBKEY 1234", NotTrusted),
    ("install", "E: Sub-process said something that nobody foresaw", RuntimeUnavailable),
]


@pytest.mark.parametrize(("step", "words", "kind"), BROKEN)
def test_a_fetch_that_breaks_leaves_nothing_and_the_next_one_succeeds(
    machine: FakeMachine, cache: Path, step: str, words: str, kind: type[RuntimeUnavailable]
) -> None:
    with_asterisk(machine).breaks(step, words)
    refused(machine, cache, kind)
    assert left_in(cache) == set()
    assert any_cached_tree(cache, EXCHANGE) is None
    machine.mended(step)
    assert fetched(machine, cache).program("asterisk") is not None


def test_what_apt_said_is_passed_on(machine: FakeMachine, cache: Path) -> None:
    with_asterisk(machine).breaks("install", "Reading lists\nE: Failed to fetch a.deb  Connection refused")
    refusal = refused(machine, cache, NoNetwork)
    assert refusal.detail == "E: Failed to fetch a.deb  Connection refused"
    assert "CENTRALE_ASTERISK" in refusal.remedy


def test_too_small_a_disk_is_noticed_before_anything_is_fetched(
    machine: FakeMachine, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7))
    refusal = refused(with_asterisk(machine), cache, NoSpace)
    assert "10 MB free" in str(refusal)
    assert "CENTRALE_CACHE" in refusal.remedy
    assert machine.calls == []


def test_a_machine_without_package_tools_is_told_to_bring_its_own_asterisk(
    machine: FakeMachine, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    refusal = refused(machine, cache, UnsupportedSystem)
    assert "CENTRALE_ASTERISK" in refusal.remedy
    assert not cache.exists()


def test_a_processor_that_we_know_nothing_of_is_refused(machine: FakeMachine, cache: Path) -> None:
    with_asterisk(machine).architecture("riscv64")
    assert "riscv64" in str(refused(machine, cache, UnsupportedSystem))
    assert machine.calls == []


@pytest.mark.parametrize("says", ["echo too old a kernel >&2; exit 127", "kill -SEGV $$"])
def test_an_asterisk_that_does_not_run_here_is_not_kept(machine: FakeMachine, cache: Path, says: str) -> None:
    refusal = refused(with_asterisk(machine, says), cache, UnsupportedSystem)
    assert "does not run" in str(refusal)
    assert left_in(cache) == set()


def test_packages_without_the_program_are_no_runtime(machine: FakeMachine, cache: Path) -> None:
    machine.mirror_holds("forky", {"asterisk": VERSION})
    machine.package("asterisk", {"usr/share/nothing": ""})
    assert "no asterisk" in str(refused(machine, cache, UnsupportedSystem))


def test_a_mirror_without_the_first_suite_is_asked_for_the_second(machine: FakeMachine, cache: Path) -> None:
    with_asterisk(machine).breaks("update-forky", "E: The repository does not have a Release file.")
    machine.mirror_holds("sid", {"asterisk": "1:23.0.0-1"})
    assert fetched_version(fetched(machine, cache), "asterisk") == "1:23.0.0-1"
    assert "Suites: sid" in machine.used("mirror.sources")


def test_an_asterisk_that_is_too_old_is_not_taken(machine: FakeMachine, cache: Path) -> None:
    machine.mirror_holds("forky", {"asterisk": "1:20.6.0~dfsg-2"})
    machine.mirror_holds("sid", {"asterisk": "1:21.1.0-1"})
    assert "no Asterisk 22 or newer" in str(refused(machine, cache, NotOnMirror))


def test_a_machine_without_a_mirror_is_told_so(machine: FakeMachine, cache: Path) -> None:
    (machine.etc_apt / "sources.list").write_text("# nothing\n")
    assert "no package mirror" in str(refused(with_asterisk(machine), cache, UnsupportedSystem))


def test_what_a_killed_fetch_left_is_removed_by_the_next(machine: FakeMachine, cache: Path) -> None:
    half = cache / "staging-killed" / "root"
    half.mkdir(parents=True)
    (half / "libasterisk.so").write_text("half")
    tree = fetched(with_asterisk(machine), cache)
    assert left_in(cache) == {tree.root.name}


def test_a_folder_without_its_manifest_is_not_taken_for_a_runtime(machine: FakeMachine, cache: Path) -> None:
    torn = cache / EXCHANGE.folder("amd64")
    torn.mkdir(parents=True)
    (torn / "libasterisk.so").write_text("half")
    assert any_cached_tree(cache, EXCHANGE) is None
    tree = fetched(with_asterisk(machine), cache)
    assert tree.root == torn
    assert not (torn / "libasterisk.so").exists()


def test_who_comes_while_another_fetches_waits_and_takes_what_that_one_made(
    machine: FakeMachine, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_asterisk(machine)
    waiting, found = threading.Event(), []

    class Second(Silent):
        def report(self, step: str, done: float) -> None:
            if step.startswith("Waiting"):
                waiting.set()

    def second() -> None:
        found.append(fetch_tree(cache, EXCHANGE, Second(), machine.etc_apt))

    thread = threading.Thread(target=second)
    fill = fetch._fill

    def fill_while_another_comes(*arguments: object) -> None:
        thread.start()
        assert waiting.wait(60)
        fill(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, "_fill", fill_while_another_comes)
    first = fetched(machine, cache)
    thread.join(60)
    assert found == [first]
    assert len([call for call in machine.calls if "install" in call]) == 1


def test_another_set_of_packages_or_another_machine_is_another_folder() -> None:
    folders = {components.folder(name) for components in (EXCHANGE, TOOLS) for name in ("amd64", "arm64")}
    assert len(folders) == 4
