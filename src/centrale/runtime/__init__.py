"""Programs that are not Python: found on this machine, or fetched once (decision 0001).

Here, an Asterisk to run: the system's own when new enough, else a private one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from centrale.runtime.browser import Chromium, ensure_chromium
from centrale.runtime.components import EXCHANGE, TOOLS
from centrale.runtime.errors import (
    NoNetwork,
    NoSpace,
    NotOnMirror,
    NotTrusted,
    RuntimeUnavailable,
    UnsupportedSystem,
)
from centrale.runtime.fetch import any_cached_tree, fetch_tree, fetched_version
from centrale.runtime.model import Runtime, Tree
from centrale.runtime.progress import BarProgress, FetchProgress, Silent
from centrale.runtime.system import asterisk_at, asterisk_in_path
from centrale.settings import Settings

__all__ = [
    "BarProgress",
    "Chromium",
    "FetchProgress",
    "NoNetwork",
    "NoSpace",
    "NotOnMirror",
    "NotTrusted",
    "Runtime",
    "RuntimeUnavailable",
    "Silent",
    "Tree",
    "UnsupportedSystem",
    "ensure_chromium",
    "ensure_runtime",
    "find_runtime",
]

PRIVATE = "private"
"""The value of CENTRALE_ASTERISK that refuses a system Asterisk."""


def ensure_runtime(settings: Settings, progress: FetchProgress | None = None, *, tools: bool = False) -> Runtime:
    """An Asterisk that runs, fetched if it has to be; with the test tools (sipp, baresip) when `tools` is set.

    Blocks while it fetches (seconds to minutes): call it from a thread in async code. Raises RuntimeUnavailable.
    """
    progress = progress or Silent()
    runtime = _system(settings) or _private(fetch_tree(settings.cache, EXCHANGE, progress))
    toolbox = fetch_tree(settings.cache, TOOLS, progress) if tools else any_cached_tree(settings.cache, TOOLS)
    return replace(runtime, tools=toolbox)


def find_runtime(settings: Settings) -> Runtime | None:
    """What `ensure_runtime` would use now without fetching; None when it would have to fetch.

    Raises UnsupportedSystem when the Asterisk that the settings name cannot be used.
    """
    runtime = _system(settings)
    if runtime is None and (tree := any_cached_tree(settings.cache, EXCHANGE)) is not None:
        runtime = _private(tree)
    return None if runtime is None else replace(runtime, tools=any_cached_tree(settings.cache, TOOLS))


def _system(settings: Settings) -> Runtime | None:
    if settings.asterisk is None:
        return asterisk_in_path()
    return None if settings.asterisk == PRIVATE else asterisk_at(Path(settings.asterisk))


def _private(tree: Tree) -> Runtime:
    program = tree.program("asterisk")
    assert program is not None, "a fetched tree was proven to run"
    version = re.sub(r"^\d+:|[+~].*", "", fetched_version(tree, "asterisk"))
    modules = tree.libraries / "asterisk" / "modules"
    return Runtime(version, program, modules, tree.root / "usr" / "share" / "asterisk", tree)
