"""A private PostgreSQL for the tests: its own cluster in a temporary folder, on a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with the newest system `postgres` and `initdb`, if any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it is run as somebody who is not."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("running as root, and there is neither a user postgres nor nobody to run PostgreSQL as")


@contextmanager
def cluster(bin_folder: Path) -> Iterator[str]:
    """Runs a cluster; gives the SQLAlchemy URL of its server without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="centrale-pg-"))
    user = _user()
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = folder / "data"
        options = ["--auth=trust", "--username=centrale", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [bin_folder / "initdb", *options, "-D", data], check=True, capture_output=True, cwd=folder, **who
        )
        # A unix socket needs no port, and nobody else on the machine can take it.
        server = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        control = [bin_folder / "pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [*control, "-l", folder / "log", "-o", " ".join(server), "start"],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        try:
            yield f"postgresql+psycopg://centrale@/{{database}}?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder, **who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
