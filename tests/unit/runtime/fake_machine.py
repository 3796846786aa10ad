"""A machine with package tools of a few lines: what they fetch is small, and they break down as told."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

VERSION = "1:22.10.1+dfsg-1"
LIBRARIES = "usr/lib/x86_64-linux-gnu"
LOADER = f"{LIBRARIES}/ld-linux-x86-64.so.2"

# Stands for the C library's loader: `loader --library-path PATHS PROGRAM …`.
_LOADER = '#!/bin/sh\nshift 2\nexec "$@"\n'

_APT_GET = """\
#!/bin/sh
# apt-get -c CONF -q -o APT::Status-Fd=N … update | install PACKAGE…
conf=$2
fd=${5#APT::Status-Fd=}
base=${conf%/apt.conf}
suite=$(sed -n 's/^Suites: //p' "$base/mirror.sources")
echo "$@" >> "$MACHINE/calls"
cp "$base/mirror.sources" "$base/apt.conf" "$MACHINE/"
for part in 25.0 50.0 75.0 100.0; do echo "dlstatus:1:$part:Fetching" > "/dev/fd/$fd"; done
case "$*" in
*update)
    if [ -e "$MACHINE/update-$suite" ]; then cat "$MACHINE/update-$suite"; exit 100; fi
    ;;
*)
    cp "$MACHINE"/archives/*.deb "$base/cache/archives/"
    if [ -e "$MACHINE/install" ]; then cat "$MACHINE/install"; exit 100; fi
    ;;
esac
"""

_APT_CACHE = """\
#!/bin/sh
# apt-cache -c CONF policy PACKAGE
base=${2%/apt.conf}
suite=$(sed -n 's/^Suites: //p' "$base/mirror.sources")
version=$(cat "$MACHINE/versions/$suite/$4" 2>/dev/null || echo '(none)')
echo "$4:"
echo "  Candidate: $version"
"""

_DPKG = '#!/bin/sh\ncat "$MACHINE/architecture"\n'

_DPKG_DEB = """\
#!/bin/sh
# dpkg-deb -x ARCHIVE FOLDER
mkdir -p "$3"
if [ -e "$MACHINE/unpack" ]; then cat "$MACHINE/unpack" >&2; exit 2; fi
exec tar -xf "$2" -C "$3"
"""


@dataclass
class FakeMachine:
    """`folder` holds its package tools, what the mirror has, and what the tools were asked."""

    folder: Path
    etc_apt: Path = field(init=False)

    def __post_init__(self) -> None:
        for name in ("bin", "archives", "versions"):
            (self.folder / name).mkdir(parents=True)
        for name, text in {
            "apt-get": _APT_GET,
            "apt-cache": _APT_CACHE,
            "dpkg": _DPKG,
            "dpkg-deb": _DPKG_DEB,
        }.items():
            self.tool(name, text)
        self.architecture("amd64")
        self.etc_apt = self.folder / "etc-apt"
        self.etc_apt.mkdir()
        (self.etc_apt / "sources.list").write_text(
            "deb [signed-by=/keys.gpg] http://mirror.test/debian bookworm main\n"
        )

    def tool(self, name: str, text: str) -> Path:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def architecture(self, name: str) -> None:
        (self.folder / "architecture").write_text(name + "\n")

    def mirror_holds(self, suite: str, versions: Mapping[str, str]) -> None:
        (self.folder / "versions" / suite).mkdir()
        for package, version in versions.items():
            (self.folder / "versions" / suite / package).write_text(version)

    def package(self, name: str, files: Mapping[str, str]) -> None:
        """A package that the mirror delivers; its files are programs."""
        with tarfile.open(self.folder / "archives" / f"{name}_1_amd64.deb", "w") as archive:
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(text)
                entry.mode = 0o755
                archive.addfile(entry, io.BytesIO(text.encode()))

    def breaks(self, step: str, words: str) -> None:
        """From now on `update-<suite>`, `install` or `unpack` ends with these words."""
        (self.folder / step).write_text(words + "\n")

    def mended(self, step: str) -> None:
        (self.folder / step).unlink()

    @property
    def calls(self) -> list[str]:
        """What apt-get was asked to do, in order."""
        path = self.folder / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def used(self, file: str) -> str:
        """`mirror.sources` or `apt.conf` as apt-get found it last."""
        return (self.folder / file).read_text()


def with_asterisk(machine: FakeMachine, says: str = "echo Asterisk 22.10.1") -> FakeMachine:
    """The mirror has an Asterisk, with the library that it needs and a helper that is never run."""
    machine.mirror_holds("forky", {"asterisk": VERSION})
    machine.package("asterisk", {"usr/sbin/asterisk": f"#!/bin/sh\n{says}\n", "usr/share/doc/asterisk/README": "long"})
    machine.package("libc6", {LOADER: _LOADER})
    machine.package("perl-base", {"usr/bin/perl": "#!/bin/sh\n"})
    return machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    machine = FakeMachine(tmp_path / "machine")
    monkeypatch.setenv("MACHINE", str(machine.folder))
    monkeypatch.setenv("PATH", f"{machine.folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return machine
