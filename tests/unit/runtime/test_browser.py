"""Which Chromium browser stories get: the machine's own when it opens a page, else one fetched for it."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest
from fake_machine import FakeMachine

from centrale.runtime import NotOnMirror, Silent, UnsupportedSystem, ensure_chromium
from centrale.runtime.components import BROWSER
from centrale.runtime.fetch import fetch_tree
from centrale.runtime.launcher import launcher_of
from centrale.settings import Settings

SHELL = "usr/lib/chromium/chromium-headless-shell"
OPENS = '#!/bin/sh\ncase "$*" in *--version*) echo Chromium 150.0.7871.100;; *) echo "<p>opened 42</p>";; esac\n'
STUB = "#!/bin/sh\necho 'install it with snap' >&2\nexit 1\n"


def package(mirror: FakeMachine, program: str) -> None:
    """As Debian makes it: a script for shells, and the browser itself."""
    mirror.package("chromium-headless-shell", {"usr/bin/chromium-headless-shell": STUB, SHELL: program})


@pytest.fixture(autouse=True)
def debian_12(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"VERSION_CODENAME": "bookworm"})


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=cache)


@pytest.fixture
def mirror(machine: FakeMachine) -> FakeMachine:
    """Holds a Chromium for the machine's own release."""
    machine.mirror_holds("bookworm", {"chromium-headless-shell": "150.0.1-1~deb12u1", "fonts-dejavu-core": "2.37-6"})
    package(machine, '#!/bin/sh\necho "opened 42 $LD_LIBRARY_PATH $FONTCONFIG_FILE"\n')
    machine.package("libnss3", {"usr/lib/x86_64-linux-gnu/libnss3.so": ""})
    machine.package("libc6", {"usr/lib/x86_64-linux-gnu/libc.so.6": ""})
    machine.package("libllvm15", {"usr/lib/x86_64-linux-gnu/libLLVM-15.so.1": ""})
    return machine


def test_the_machines_own_is_taken_when_it_opens_a_page(settings: Settings, machine: FakeMachine) -> None:
    program = machine.tool("chromium", OPENS)
    found = ensure_chromium(settings)
    assert (found.program, found.version, found.private) == (program, "150.0.7871.100", False)


def test_a_stub_is_passed_over_for_another_name(settings: Settings, machine: FakeMachine) -> None:
    machine.tool("chromium", STUB)
    chrome = machine.tool("google-chrome", OPENS)
    assert ensure_chromium(settings).program == chrome


@pytest.mark.parametrize(
    ("text", "complaint"), [(STUB, "does not run"), ("#!/bin/sh\necho '<p></p>'\n", "does not open a page")]
)
def test_a_named_one_that_cannot_be_used_is_refused_with_a_remedy(
    settings: Settings, machine: FakeMachine, text: str, complaint: str
) -> None:
    named = settings.model_copy(update={"chromium": str(machine.tool("mine", text))})
    with pytest.raises(UnsupportedSystem, match=complaint) as refusal:
        ensure_chromium(named)
    assert "CENTRALE_CHROMIUM" in refusal.value.remedy


def test_a_fetched_one_is_of_the_machines_release_and_runs_on_its_c_library(
    settings: Settings, cache: Path, mirror: FakeMachine
) -> None:
    mirror.tool("chromium", OPENS)
    tree = fetch_tree(cache, BROWSER, Silent(), mirror.etc_apt)
    assert {path.name for path in tree.libraries.iterdir()} == {"libnss3.so"}, "neither libc nor graphics drivers"
    found = ensure_chromium(settings.model_copy(update={"chromium": "private"}))
    assert (found.program, found.version, found.private) == (launcher_of(tree, BROWSER.probe), "150.0.1", True)
    said = subprocess.run([str(found.program)], capture_output=True, text=True, check=True).stdout.split()
    assert said == ["opened", "42", str(tree.libraries), str(tree.root / "fonts.conf")]


def test_one_that_opens_no_page_here_is_not_kept(cache: Path, mirror: FakeMachine) -> None:
    package(mirror, "#!/bin/sh\necho GLIBC_2.99 not found >&2\nexit 1\n")
    with pytest.raises(UnsupportedSystem, match="does not run") as refusal:
        fetch_tree(cache, BROWSER, Silent(), mirror.etc_apt)
    assert "CENTRALE_CHROMIUM" in refusal.value.remedy
    assert {path.name for path in cache.iterdir()} == {"runtime.lock"}


def test_a_mirror_without_one_says_what_to_install(cache: Path, machine: FakeMachine) -> None:
    machine.mirror_holds("bookworm", {})
    with pytest.raises(NotOnMirror, match="chromium-headless-shell") as refusal:
        fetch_tree(cache, BROWSER, Silent(), machine.etc_apt)
    assert "CENTRALE_CHROMIUM" in refusal.value.remedy
