"""Makes `.venv` from the locked requirements: `python3 tools/bootstrap.py run|dev`.

Standard library only, because it runs before anything is installed. Does nothing when the environment is up to date.
A bare Debian has neither pip nor ensurepip: then pip itself is taken from Debian's own package, without root.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "centrale-stamp.json"
SETS = ("run", "dev")
OLDEST = (3, 11)


class BootstrapError(Exception):
    """What went wrong, for people; `detail` is what a program said about it."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.detail = detail


def main(arguments: list[str]) -> int:
    """Exit code 0 when the environment is there; 1 with words when it could not be made."""
    if len(arguments) != 1 or arguments[0] not in SETS:
        print(f"usage: bootstrap.py {'|'.join(SETS)}", file=sys.stderr)
        return 2
    try:
        if sys.version_info < OLDEST:
            raise BootstrapError(f"Python {sys.version.split()[0]} is too old: 3.11 or newer is needed (make PYTHON=…)")
        (ROOT / "build").mkdir(exist_ok=True)
        with (ROOT / "build" / "bootstrap.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ensure(arguments[0])
    except BootstrapError as error:
        print(f"\n✗ {error}", file=sys.stderr)
        if error.detail:
            print(error.detail, file=sys.stderr)
        return 1
    return 0


def ensure(wanted: str) -> None:
    """Make the environment hold `wanted`, unless it does already."""
    locks = [ROOT / "requirements" / f"{name}.txt" for name in ("build", wanted)]
    if up_to_date(wanted):
        return
    if not environment_runs():
        say(f"Making {VENV.relative_to(ROOT)}")
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "the virtual environment could not be made")
    STAMP.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pip = find_pip(Path(scratch))
        for lock in locks:
            install(pip, lock)
        say("Installing Centrale itself")
        own = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-input", "--editable", str(ROOT)]
        run([*pip, *own], "the project could not be installed")
    STAMP.write_text(json.dumps({"set": wanted, "state": state()}), encoding="utf-8")
    say("Ready")


def up_to_date(wanted: str) -> bool:
    """Was this set, or the larger one, made from the present locks by this Python, and does it still run?"""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    enough = SETS.index(stamp.get("set", "run")) >= SETS.index(wanted)
    return enough and stamp.get("state") == state() and environment_runs()


def state() -> str:
    """Changes with the locks, the project's metadata, the version of Python and the checkout's place."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for path in (*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def environment_runs() -> bool:
    """Is there an environment whose Python starts and is of our version?"""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    code = "import sys; print(*sys.version_info[:2])"
    answer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def find_pip(scratch: Path) -> list[str]:
    """The words that run pip for the environment's Python: this machine's, else ensurepip's, else Debian's wheel."""
    python = str(VENV / "bin" / "python")
    candidates = ([sys.executable, "-m", "pip", "--python", python], [python, "-m", "pip"])
    for pip in candidates:
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode == 0:
            return pip
    if subprocess.run([python, "-m", "ensurepip"], capture_output=True, check=False).returncode == 0:
        return [python, "-m", "pip"]
    say("Fetching pip (this Python comes without)")
    return [python, str(debian_pip_wheel(scratch) / "pip")]


def debian_pip_wheel(scratch: Path) -> Path:
    """Debian's wheel of pip, fetched and verified by apt with a state of its own: needs no root, changes nothing."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise BootstrapError("this Python has no pip; install it (package python3-venv or python3-pip) and try again")
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "status").touch()
    options = {
        "Dir::State": scratch / "state",
        "Dir::State::status": scratch / "status",
        "Dir::Cache": scratch / "cache",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Acquire::Languages": "none",
        "Acquire::Check-Valid-Until": "false",
    }
    config = scratch / "apt.conf"
    hooks = ["APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success"]
    lines = [f'{name} "{value}";' for name, value in options.items()] + [f"#clear {hook};" for hook in hooks]
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problem = "pip could not be fetched; check the network (does `apt-get update` work here?) or install python3-venv"
    run(["apt-get", "-q", "-c", str(config), "update"], problem)
    run(["apt-get", "-q", "-c", str(config), "download", "python3-pip-whl"], problem, cwd=scratch)
    for archive in scratch.glob("*.deb"):
        run(["dpkg-deb", "-x", str(archive), str(scratch / "tree")], problem)
    wheels = sorted((scratch / "tree" / "usr" / "share" / "python-wheels").glob("pip-*.whl"))
    if not wheels:
        raise BootstrapError(problem)
    return wheels[-1]


def install(pip: list[str], lock: Path) -> None:
    """Install one locked set; every file's hash is verified."""
    total = len(re.findall(r"^[A-Za-z0-9._-]+(\[.*\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"Installing {total} packages of {lock.relative_to(ROOT)}")
    command = [*pip, "install", "--no-input", "--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    run(command, "packages could not be installed; check the network and pip's settings", watch=Counter(total).see)


class Counter:
    """Counts pip's lines, and keeps one line on a terminal up to date with them."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._seen = 0

    def see(self, line: str) -> None:
        """One line of pip's."""
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line)
        if found:
            self._seen = min(self._total, self._seen + 1)
            self._show(found[1])
        elif line.startswith("Installing collected packages"):
            self._show("unpacking")

    def _show(self, name: str) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K  {self._seen}/{self._total} {name}", end="", flush=True)


def run(command: list[str], problem: str, cwd: Path | None = None, watch: Callable[[str], None] | None = None) -> None:
    """Run a program to its end; BootstrapError with its last lines when it fails."""
    said: list[str] = []
    environment = os.environ | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "LC_ALL": "C.UTF-8",
    }
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if watch is not None:
                watch(line)
    if watch is not None and sys.stdout.isatty():
        print("\r\033[K", end="")
    if process.returncode != 0:
        raise BootstrapError(problem, "\n".join(said[-15:]))


_STARTED = time.monotonic()


def say(step: str) -> None:
    """One line for each long thing, with the seconds so far."""
    print(f"[{time.monotonic() - _STARTED:5.1f} s] {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
