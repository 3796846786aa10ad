"""Fetch a set of components once, atomically.

Everything happens in a staging folder within the cache; one rename makes it the runtime. A broken download, a full disk
or `kill -9` leaves at most a staging folder, which the next fetch removes. A lock lets only one process fetch at once;
the others wait and then find what it made.
"""

from __future__ import annotations

import fcntl
import json
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from centrale.runtime.apt import Advance, PrivateApt, machine_architecture
from centrale.runtime.components import (
    EXCHANGE,
    NEVER_READ,
    OLDEST_ASTERISK,
    PLATFORMS,
    SUITES,
    ComponentSet,
)
from centrale.runtime.errors import (
    NoSpace,
    NotOnMirror,
    UnsupportedSystem,
)
from centrale.runtime.launcher import launcher_of, write_launcher
from centrale.runtime.model import Tree, major_version
from centrale.runtime.progress import FetchProgress
from centrale.runtime.sources import Source, machine_sources, main_source

MANIFEST = "centrale-runtime.json"
_STAGING = "staging-"
_LISTS, _DOWNLOADED, _UNPACKED = 0.15, 0.65, 0.97
"""How far the whole fetch is after each step, by measured duration."""


def cached_tree(cache: Path, components: ComponentSet, architecture: str) -> Tree | None:
    """The set as fetched before, or None. Complete by construction: see the module's text."""
    root = cache / components.folder(architecture)
    return Tree.of(root, architecture) if (root / MANIFEST).is_file() else None


def any_cached_tree(cache: Path, components: ComponentSet) -> Tree | None:
    """The set as fetched before, found without asking the package tools for the architecture."""
    trees = (cached_tree(cache, components, architecture) for architecture in PLATFORMS)
    return next((tree for tree in trees if tree is not None), None)


def fetched_version(tree: Tree, package: str) -> str:
    """The version of a package in a fetched tree."""
    manifest: dict[str, dict[str, str]] = json.loads((tree.root / MANIFEST).read_text(encoding="utf-8"))
    return manifest["versions"][package]


def fetch_tree(
    cache: Path, components: ComponentSet, progress: FetchProgress, etc_apt: Path = Path("/etc/apt")
) -> Tree:
    """The set from the cache, else from this machine's mirror. Raises one of the `errors`, with what to do about it."""
    architecture = machine_architecture(components.instead)
    if architecture not in PLATFORMS:
        raise UnsupportedSystem(f"no runtime is known for the architecture {architecture}", components.instead)
    if (tree := cached_tree(cache, components, architecture)) is not None:
        return tree
    cache.mkdir(parents=True, exist_ok=True)
    with _only_one(cache, progress):
        if (tree := cached_tree(cache, components, architecture)) is not None:
            return tree
        _refuse_without_space(cache, components)
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=cache) as staging:
            _fill(Path(staging), components, architecture, _mirror(etc_apt, components), progress)
            target = cache / components.folder(architecture)
            shutil.rmtree(target, ignore_errors=True)
            (Path(staging) / "root").rename(target)
    progress.report(f"{components.name.capitalize()} ready", 1.0)
    return Tree.of(target, architecture)


def _fill(staging: Path, components: ComponentSet, architecture: str, source: Source, progress: FetchProgress) -> None:
    """Make `staging/root` a proven tree."""
    apt = PrivateApt(staging / "apt", source, architecture, components.instead)
    suite = _newest_suite(apt, components, progress)
    step = f"Fetching {', '.join(components.packages)} from {suite}"
    archives = apt.download(components.packages, _part(progress, step, _LISTS, _DOWNLOADED))
    versions = {package: apt.candidate(package) for package in components.packages}
    tree = Tree.of(staging / "root", architecture)
    kept = [archive for archive in archives if not archive.name.startswith(components.left_out)]
    for count, archive in enumerate(kept, start=1):
        _unpack(archive, tree.root, components)
        progress.report("Unpacking", _DOWNLOADED + (_UNPACKED - _DOWNLOADED) * count / len(kept))
    for folder in NEVER_READ:
        shutil.rmtree(tree.root / folder, ignore_errors=True)
    if components.own_release:
        write_launcher(tree, components.probe)
    progress.report("Trying it", _UNPACKED)
    _prove(tree, components)
    manifest = {"suite": suite, "architecture": architecture, "versions": versions}
    (tree.root / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def _newest_suite(apt: PrivateApt, components: ComponentSet, progress: FetchProgress) -> str:
    """The first suite on the mirror that has the set (an Asterisk that is new enough); its lists are then loaded."""
    wanted = f"Asterisk {OLDEST_ASTERISK} or newer" if components is EXCHANGE else ", ".join(components.packages)
    missing = NotOnMirror(f"the mirror of this machine holds no {wanted}", components.instead)
    for suite in (_release(),) if components.own_release else SUITES:
        step = f"Reading the list of packages of {suite}"
        try:
            apt.update(suite, _part(progress, step, 0.0, _LISTS))
        except NotOnMirror as error:
            missing = error
            continue
        versions = [apt.candidate(package) for package in components.packages]
        too_old = components is EXCHANGE and major_version(versions[0] or "") < OLDEST_ASTERISK
        if all(versions) and not too_old:
            return suite
    raise missing


def _part(progress: FetchProgress, step: str, start: float, end: float) -> Advance:
    """Tells `progress` of one step that takes it from `start` to `end`."""

    def advance(done: float) -> None:
        progress.report(step, start + (end - start) * done)

    return advance


def _unpack(archive: Path, root: Path, components: ComponentSet) -> None:
    done = subprocess.run(["dpkg-deb", "-x", str(archive), str(root)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        if "No space left" in done.stderr:
            raise NoSpace("the disk is full", "free some space, or set CENTRALE_CACHE to a folder on another disk")
        raise UnsupportedSystem(f"{archive.name} cannot be unpacked here", components.instead, done.stderr)
    archive.unlink()


def _prove(tree: Tree, components: ComponentSet) -> None:
    """Run the set's program once: a C library that this kernel or processor cannot run shows here, not in a call."""
    program = tree.program(components.probe)
    if program is None:
        raise UnsupportedSystem(f"the packages hold no {components.probe}", components.instead)
    launcher = launcher_of(tree, components.probe)
    start = [str(launcher)] if launcher.exists() else tree.command(program)
    command = [*start, *components.probe_options]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _does_not_run(components, str(error)) from error
    # sipp answers its version with exit code 99.
    if answer.returncode not in {0, 99} or components.probe_says not in answer.stdout:
        raise _does_not_run(components, answer.stderr or f"exit code {answer.returncode}")


def _does_not_run(components: ComponentSet, detail: str) -> UnsupportedSystem:
    where = f"Linux {platform.release()}, {platform.machine()}"
    return UnsupportedSystem(f"the fetched {components.probe} does not run on {where}", components.instead, detail)


def _release() -> str:
    """The code name of this machine's release, such as bookworm."""
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "")


def _mirror(etc_apt: Path, components: ComponentSet) -> Source:
    source = main_source(machine_sources(etc_apt), _release())
    if source is None:
        raise UnsupportedSystem(f"no package mirror is set in {etc_apt}", components.instead)
    return source


def _refuse_without_space(cache: Path, components: ComponentSet) -> None:
    free = shutil.disk_usage(cache).free // 1_000_000
    if free < components.megabytes:
        raise NoSpace(
            f"{cache} has {free} MB free; {components.megabytes} MB are needed",
            "free some space, or set CENTRALE_CACHE to a folder on another disk",
        )


@contextmanager
def _only_one(cache: Path, progress: FetchProgress) -> Iterator[None]:
    """Hold the cache's lock (freed by the kernel whatever way the process ends); remove what a killed fetch left."""
    with (cache / "runtime.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.report("Waiting for another process that fetches it", 0.0)
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left_over in cache.glob(f"{_STAGING}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        yield
