"""A private apt: the machine's package tools, mirror, keys and proxy, but with state, cache and status of our own.

Nothing of the machine's own package state is read, locked or changed, and no root is needed. An empty dpkg status makes
apt resolve every dependency down to the C library, so what is downloaded is complete. Decision 0001.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from centrale.runtime.errors import (
    INSTALL_YOURSELF,
    NoNetwork,
    NoSpace,
    NotOnMirror,
    NotTrusted,
    RuntimeUnavailable,
    UnsupportedSystem,
)
from centrale.runtime.sources import Source

Advance = Callable[[float], None]
"""Is told how much of one apt run is done, 0 to 1."""

# `-c` is read after the machine's own configuration, which keeps its proxy, its certificates and its passwords.
# The hooks cleared here would act on the machine's state. Check-Valid-Until: mirrors that hold a dated copy are past
# their date; what they hold is signed all the same. Sandbox::User: root's apt would otherwise drop to a user who may
# not write in our folder.
_CONFIGURATION = """\
Dir::State "{base}/state";
Dir::State::status "{base}/status";
Dir::Cache "{base}/cache";
Dir::Etc::SourceList "{base}/mirror.sources";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Architectures;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "{user}";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
"""

_NETWORK = (
    r"Could not resolve|Temporary failure|Unable to connect|Could not connect|Connection (timed out|refused|failed)"
)
_CAUSES: list[tuple[str, type[RuntimeUnavailable], str, str]] = [
    (
        r"No space left|enough free space",
        NoSpace,
        "the disk is full",
        "free some space, or set CENTRALE_CACHE to a folder on another disk",
    ),
    (
        r"NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|signatures? (couldn't|were invalid)|verification failed",
        NotTrusted,
        "the mirror's signature does not fit this machine's keys",
        "update the machine's own keys (package debian-archive-keyring), or {instead}",
    ),
    (
        r"Hash Sum mismatch|has unexpected size",
        NotTrusted,
        "what the mirror sent is not what it promised: it is damaged, or the mirror is just being renewed",
        "try again in a few minutes, or {instead}",
    ),
    (
        r"404 +Not Found|does not have a Release file|Unable to locate package|has no installation candidate|"
        r"unmet dependencies",
        NotOnMirror,
        "the mirror of this machine does not hold what is needed",
        "{instead}",
    ),
    (
        _NETWORK + r"|Network is unreachable|No route to host|Failed to fetch|Some index files failed",
        NoNetwork,
        "the mirror of this machine's packages does not answer",
        "check the network (does `apt-get update` work here?), or {instead}",
    ),
]


def machine_architecture(instead: str = INSTALL_YOURSELF) -> str:
    """The Debian name of this machine's architecture; raises UnsupportedSystem where there is no apt."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None or shutil.which("dpkg") is None:
        raise UnsupportedSystem("this system has no apt", instead)
    answer = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


class PrivateApt:
    """One apt with everything below `base`, which is an empty folder of the caller's.

    `instead`: for people, what to do when something cannot be fetched.
    """

    def __init__(self, base: Path, source: Source, architecture: str, instead: str = INSTALL_YOURSELF) -> None:
        self._base = base
        self._instead = instead
        self._source = source
        self._architecture = architecture
        self.archives = base / "cache" / "archives"
        (base / "state" / "lists" / "partial").mkdir(parents=True)
        (self.archives / "partial").mkdir(parents=True)
        (base / "status").touch()

    def update(self, suite: str, advance: Advance) -> None:
        """Fetch and verify the list of packages of `suite`; NotOnMirror when the mirror has no such suite."""
        (self._base / "mirror.sources").write_text(self._source.stanza(suite), encoding="utf-8")
        user = "root" if os.geteuid() == 0 else ""
        (self._base / "apt.conf").write_text(
            _CONFIGURATION.format(base=self._base, architecture=self._architecture, user=user), encoding="utf-8"
        )
        self._apt_get(["-o", "APT::Update::Error-Mode=any", "update"], advance)

    def candidate(self, package: str) -> str | None:
        """The version of `package` in the suite, or None."""
        answer = subprocess.run(
            ["apt-cache", "-c", str(self._base / "apt.conf"), "policy", package],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(),
        )
        match = re.search(r"Candidate: (\S+)", answer.stdout)
        return None if match is None or match[1] == "(none)" else match[1]

    def download(self, packages: Iterable[str], advance: Advance) -> list[Path]:
        """Fetch and verify `packages` with all that they depend on; the archives lie in `archives`."""
        self._apt_get(["--yes", "--download-only", "install", *packages], advance)
        return sorted(self.archives.glob("*.deb"))

    def _apt_get(self, arguments: list[str], advance: Advance) -> None:
        reading, writing = os.pipe()
        command = ["apt-get", "-c", str(self._base / "apt.conf"), "-q", "-o", f"APT::Status-Fd={writing}", *arguments]
        log = self._base / "apt.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, pass_fds=[writing], env=_environment()
            )
            os.close(writing)
            try:
                with os.fdopen(reading, encoding="utf-8", errors="replace") as status:
                    for line in status:
                        match = re.match(r"(?:dlstatus|pmstatus):[^:]*:([\d.]+):", line)
                        if match is not None:
                            advance(min(1.0, float(match[1]) / 100))
                failed = process.wait() != 0
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        if failed:
            raise explain_failure(log.read_text(encoding="utf-8", errors="replace"), self._instead)


def explain_failure(output: str, instead: str) -> RuntimeUnavailable:
    """What apt's words mean for the operator."""
    complaints = [line for line in output.splitlines() if line.startswith(("E:", "W:", "Err:"))]
    said = "\n".join(complaints) or output[-2000:]
    for pattern, kind, problem, remedy in _CAUSES:
        if re.search(pattern, output):
            return kind(problem, remedy.format(instead=instead), said)
    return RuntimeUnavailable("apt could not fetch the packages", instead, said)


def _environment() -> dict[str, str]:
    """apt's words are matched, so they have to be English."""
    return os.environ | {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
