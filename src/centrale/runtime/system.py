"""A system Asterisk: one that somebody installed on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from centrale.runtime.components import OLDEST_ASTERISK
from centrale.runtime.errors import UnsupportedSystem
from centrale.runtime.model import Runtime, major_version

_MODULE_FOLDERS = ("../lib/*/asterisk/modules", "../lib/asterisk/modules", "../lib64/asterisk/modules")
_DATA_FOLDERS = ("../share/asterisk", "../../var/lib/asterisk")
_NEEDED_MODULE = "res_pjsip.so"


def asterisk_in_path() -> Runtime | None:
    """The Asterisk that a shell would start, when it is new enough and complete; else None (then ours is fetched)."""
    folders = "/usr/local/sbin:/usr/sbin:/sbin"
    program = shutil.which("asterisk") or shutil.which("asterisk", path=folders)
    try:
        return None if program is None else asterisk_at(Path(program))
    except UnsupportedSystem:
        return None


def asterisk_at(program: Path) -> Runtime:
    """The Asterisk whose program the operator named. Raises UnsupportedSystem when it cannot be used."""
    remedy = "set CENTRALE_ASTERISK to the program of an Asterisk 22 or newer, or to `private`"
    try:
        answer = subprocess.run([str(program), "-V"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise UnsupportedSystem(f"{program} does not run", remedy, str(error)) from error
    match = re.search(r"Asterisk (?:certified/)?(\S+)", answer.stdout)
    version = match[1] if match else "unknown"
    if major_version(version) < OLDEST_ASTERISK:
        raise UnsupportedSystem(f"{program} is Asterisk {version}: too old", remedy)
    here = program.resolve().parent
    modules = [path for folder in _MODULE_FOLDERS for path in here.glob(folder) if (path / _NEEDED_MODULE).exists()]
    data = [path for folder in _DATA_FOLDERS for path in here.glob(folder) if (path / "documentation").is_dir()]
    if not modules or not data:
        raise UnsupportedSystem(f"the modules or the documentation of {program} were not found", remedy)
    return Runtime(version, program, modules[0].resolve(), data[0].resolve())
