"""What the private runtime is made of: sets of packages, each unpacked into a folder of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

LAYOUT = 1
"""Raised when what is kept of a package changes, so that older caches are not taken for new ones."""

OLDEST_ASTERISK = 22
SUITES = ("forky", "sid")
"""Debian suites that hold Asterisk 22 or newer, most dependable first."""

NEVER_RUN = ("perl", "libperl", "python3", "libpython3", "gnupg", "gpg", "dirmngr", "pinentry", "debconf", "libssl-dev")
"""Packages (by start of name) that others depend on for installing or administering, and that nothing here runs."""

NEVER_READ = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/lintian")


@dataclass(frozen=True, slots=True)
class ComponentSet:
    """A named set of packages; `probe` is the program whose answer to `probe_option` proves that the set runs here."""

    name: str
    packages: tuple[str, ...]
    probe: str
    probe_option: str
    megabytes: int

    def folder(self, architecture: str) -> str:
        """The folder's name within the cache. Another set of packages or another layout is another folder."""
        recipe = f"{LAYOUT} {architecture} {' '.join(self.packages)} {' '.join(NEVER_RUN)}"
        return f"runtime-{self.name}-{architecture}-{hashlib.sha256(recipe.encode()).hexdigest()[:10]}"


EXCHANGE = ComponentSet("exchange", ("asterisk",), "asterisk", "-V", megabytes=450)
TOOLS = ComponentSet("tools", ("sip-tester", "baresip-core", "postgresql"), "sipp", "-v", megabytes=400)


@dataclass(frozen=True, slots=True)
class Platform:
    """Where Debian puts libraries and the loader for one architecture."""

    triplet: str
    loader: str


PLATFORMS = {
    "amd64": Platform("x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "arm64": Platform("aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}
