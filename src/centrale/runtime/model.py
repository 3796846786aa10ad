"""An Asterisk that can be run, and the other programs that come the same way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from centrale.runtime.components import PLATFORMS, Platform
from centrale.runtime.errors import RuntimeUnavailable

_PROGRAM_FOLDERS = ("usr/sbin", "usr/bin", "usr/lib/postgresql/*/bin")


@dataclass(frozen=True, slots=True)
class Tree:
    """Unpacked packages in a folder, run through their own loader and C library instead of this machine's."""

    root: Path
    platform: Platform

    @classmethod
    def of(cls, root: Path, architecture: str) -> Tree:
        return cls(root, PLATFORMS[architecture])

    @property
    def libraries(self) -> Path:
        return self.root / "usr" / "lib" / self.platform.triplet

    def program(self, name: str) -> Path | None:
        """The file of a program, or None when this tree does not hold it."""
        found = (path for folder in _PROGRAM_FOLDERS for path in sorted(self.root.glob(f"{folder}/{name}")))
        return next(found, None)

    def command(self, program: Path) -> list[str]:
        """The words that start `program`: our loader, told where its libraries are, then the program itself."""
        paths = ":".join(str(path) for path in self._library_folders())
        return [str(self.libraries / self.platform.loader), "--library-path", paths, str(program)]

    def _library_folders(self) -> Iterator[Path]:
        """The main folder, then every folder below it that holds a shared library by soname (pulseaudio, blas, …)."""
        yield self.libraries
        yield from sorted({path.parent for path in self.libraries.glob("*/*.so.*")})


@dataclass(frozen=True, slots=True)
class Runtime:
    """A found Asterisk: the system's own (`tree` is None) or a private one; and test tools when those were fetched."""

    version: str
    asterisk: Path
    module_dir: Path
    data_dir: Path
    tree: Tree | None = None
    tools: Tree | None = None

    @property
    def root(self) -> Path | None:
        """The folder of a private runtime; None for a system Asterisk."""
        return None if self.tree is None else self.tree.root

    @property
    def origin(self) -> str:
        """For people: where this Asterisk comes from."""
        return f"private, {self.root}" if self.root else f"system, {self.asterisk}"

    def command(self, program: str) -> list[str]:
        """The words that start a program (asterisk, sipp, baresip, postgres, nats-server), to be followed by its
        arguments. Raises RuntimeUnavailable when it is neither in the runtime nor on this machine.
        """
        if program == "asterisk" and self.tree is None:
            return [str(self.asterisk)]
        for tree in (self.tree, self.tools):
            if tree is not None and (found := tree.program(program)) is not None:
                return tree.command(found)
        if on_machine := shutil.which(program):
            return [on_machine]
        raise RuntimeUnavailable(f"{program} is not there", "fetch the test tools with `centrale runtime --tools`")

    @property
    def baresip_modules(self) -> Path:
        """The folder for `module_path` in a baresip configuration."""
        if self.tools is not None:
            return self.tools.root / "usr" / "lib" / "baresip" / "modules"
        return Path("/usr/lib/baresip/modules")


def major_version(version: str) -> int:
    """The 22 of "Asterisk 22.10.1~dfsg", of "1:22.10.1+dfsg-1" and of "22.10.1"; 0 when there is none.

    The epoch before a colon is Debian's and says nothing about Asterisk.
    """
    match = re.search(r"(?:\d+:)?(\d+)\.\d+", version)
    return int(match[1]) if match else 0
