"""A Chromium for the browser stories: the system's own when it opens a page, else a private one, fetched once."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from centrale.runtime.components import BROWSER, NO_SANDBOX, OPENS_A_PAGE, PAGE_OPENED
from centrale.runtime.errors import RuntimeUnavailable, UnsupportedSystem
from centrale.runtime.fetch import fetch_tree, fetched_version
from centrale.runtime.launcher import launcher_of
from centrale.runtime.progress import FetchProgress, Silent
from centrale.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PRIVATE = "private"
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser that was seen to open a page. `program` is started as it is; `private` when it was fetched."""

    program: Path
    version: str
    private: bool

    @property
    def origin(self) -> str:
        """For people: where it comes from."""
        return f"{'private' if self.private else 'system'}, {self.program}"

    @property
    def options(self) -> list[str]:
        """What it has to be started with here."""
        return list(NO_SANDBOX)


def ensure_chromium(settings: Settings, progress: FetchProgress | None = None) -> Chromium:
    """A browser that opens pages, fetched if it has to be. Blocks while it fetches. Raises RuntimeUnavailable."""
    if settings.chromium is None:
        found = (shutil.which(name) for name in NAMES)
        for program in filter(None, found):
            try:
                return _seen_to_work(Path(program))
            except RuntimeUnavailable:
                continue  # a stub that only says how to install it, or one that is broken: ours works
    elif settings.chromium != _PRIVATE:
        return _seen_to_work(Path(settings.chromium))
    tree = fetch_tree(settings.cache, BROWSER, progress or Silent())
    version = re.sub(r"-.*", "", fetched_version(tree, BROWSER.packages[0]))
    return Chromium(launcher_of(tree, BROWSER.probe), version, private=True)


def _seen_to_work(program: Path) -> Chromium:
    remedy = "set CENTRALE_CHROMIUM to the program of a Chromium or Chrome, or to `private`"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        page = _answer([str(program), f"--user-data-dir={profile}", *OPENS_A_PAGE], remedy)
    if PAGE_OPENED not in page:
        raise UnsupportedSystem(f"{program} does not open a page", remedy, page)
    version = re.search(r"\d+(?:\.\d+)+", _answer([str(program), "--version"], remedy))
    return Chromium(program, version[0] if version else "unknown", private=False)


def _answer(command: list[str], remedy: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)
    except subprocess.CalledProcessError as error:
        raise UnsupportedSystem(f"{command[0]} does not run", remedy, str(error.stderr)[-2000:]) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise UnsupportedSystem(f"{command[0]} does not run", remedy, str(error)) from error
    return done.stdout
