"""A private PostgreSQL for the tests: its own cluster in a temporary folder, on a unix socket only."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from centrale.runtime import Tree

PROGRAMS = ("initdb", "pg_ctl", "postgres")

MEMORY = Path("/dev/shm")
ROOM = 500_000_000
"""Bytes that a cluster may take when each test drops its database."""


@contextmanager
def cluster(tree: Tree) -> Iterator[str]:
    """Runs a cluster with the programs of `tree`; gives the SQLAlchemy URL of its server, `{database}` left open."""
    folder = Path(tempfile.mkdtemp(prefix="centrale-pg-"))
    # Making a database writes some hundred files: in memory that takes a tenth of the time.
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    data = Path(tempfile.mkdtemp(prefix="centrale-pg-", dir=MEMORY if in_memory else folder))
    user = _somebody()
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run([programs / program, *arguments], cwd=folder, capture_output=True, text=True, **who)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    try:
        programs = _programs(_copied(tree, folder / "tree") if user else tree, folder / "programs")
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
            os.chown(data, user.pw_uid, user.pw_gid)
        same = ["--auth=trust", "--username=centrale", "--encoding=UTF8", "--locale=C"]
        run("initdb", "-D", f"{data}", "--no-sync", *same)
        # A unix socket needs no port, and nobody else on the machine can take it.
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_wal_size=64MB"
        run("pg_ctl", "-D", f"{data}", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://centrale@/{{database}}?host={folder}"
        finally:
            run("pg_ctl", "-D", f"{data}", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data)
        shutil.rmtree(folder)


def _somebody() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _copied(tree: Tree, folder: Path) -> Tree:
    """What PostgreSQL needs of the tree, where somebody else may read it: root's own folder is closed to others."""
    share = Path("usr/share/postgresql")
    for part in (Path("usr/lib"), share):
        shutil.copytree(tree.root / part, folder / part, symlinks=True)
    return replace(tree, root=folder)


def _programs(tree: Tree, folder: Path) -> Path:
    """A folder of programs that start as if they were installed.

    They start one another by name from the folder that they were started from, and look for their files beside it; in
    the tree they would start without the tree's loader. So each is a script here, in folders named as there.
    """
    initdb = tree.program("initdb")
    assert initdb is not None, "the test tools hold no PostgreSQL; `centrale runtime --tools` fetches them"
    real = initdb.parent
    version = real.parent.name
    here = folder / "usr/lib/postgresql" / version / "bin"
    here.mkdir(parents=True)
    (here.parent / "lib").symlink_to(real.parent / "lib")
    share = Path("usr/share/postgresql") / version
    (folder / share).parent.mkdir(parents=True)
    (folder / share).symlink_to(tree.root / share)
    for name in PROGRAMS:
        loader, *words = tree.command(real / name)
        script = here / name
        script.write_text(f'#!/bin/sh\nexec {loader} --argv0 "$0" {shlex.join(words)} "$@"\n')
        script.chmod(0o755)
    return here
