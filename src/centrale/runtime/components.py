"""What is fetched: sets of packages, each unpacked into a folder of its own."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from centrale.runtime.errors import INSTALL_BROWSER, INSTALL_YOURSELF

LAYOUT = 1
"""Raised when what is kept of a package changes, so that older caches are not taken for new ones."""

OLDEST_ASTERISK = 22
SUITES = ("forky", "sid")
"""Debian suites that hold Asterisk 22 or newer, most dependable first."""

NEVER_RUN = ("perl", "libperl", "python3", "libpython3", "gnupg", "gpg", "dirmngr", "pinentry", "debconf", "libssl-dev")
"""Packages (by start of name) that others depend on for installing or administering, and that nothing here runs."""

NO_SANDBOX = ("--no-sandbox",) if os.geteuid() == 0 else ()
"""A browser has no sandbox for root, and starts only when told so."""

PAGE_OPENED = "opened 42"
OPENS_A_PAGE = (
    "--headless",
    *NO_SANDBOX,
    "--dump-dom",
    "data:text/html,<p id=p></p><script>p.textContent='opened '+6*7</script>",
)
"""How a browser is started to show that it can open a page and run its script; then it ends."""

OF_THE_MACHINE = ("libc6", "libc-bin")
"""Packages (by start of name) that a set of the machine's own release takes from the machine."""

NEVER_READ = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/lintian")


@dataclass(frozen=True, slots=True)
class ComponentSet:
    """A named set of packages; what `probe` answers to `probe_options` proves that the set runs here.

    `megabytes`: needed while it is fetched. `own_release`: of this machine's own Debian release, run on its C library,
    for a program that starts itself again by its own file; the others bring their C library. `instead`: for people,
    what to do when it cannot be had.
    """

    name: str
    packages: tuple[str, ...]
    probe: str
    probe_options: tuple[str, ...]
    megabytes: int
    instead: str
    probe_says: str = ""
    own_release: bool = False
    unused: tuple[str, ...] = ()

    def folder(self, architecture: str) -> str:
        """The folder's name within the cache. Another set of packages or another layout is another folder."""
        recipe = f"{LAYOUT} {architecture} {' '.join(self.packages)} {' '.join(self.left_out)}"
        return f"runtime-{self.name}-{architecture}-{hashlib.sha256(recipe.encode()).hexdigest()[:10]}"

    @property
    def left_out(self) -> tuple[str, ...]:
        """Packages (by start of name) that are not unpacked."""
        return NEVER_RUN + self.unused + (OF_THE_MACHINE if self.own_release else ())


EXCHANGE = ComponentSet("exchange", ("asterisk",), "asterisk", ("-V",), megabytes=450, instead=INSTALL_YOURSELF)
TOOLS = ComponentSet(
    "tools", ("sip-tester", "baresip-core", "postgresql"), "sipp", ("-v",), megabytes=400, instead=INSTALL_YOURSELF
)
BROWSER = ComponentSet(
    "browser",
    ("chromium-headless-shell", "fonts-dejavu-core"),
    "chromium-headless-shell",
    OPENS_A_PAGE,
    megabytes=800,
    instead=INSTALL_BROWSER,
    probe_says=PAGE_OPENED,
    own_release=True,
    # Drivers of graphics cards, which nothing uses without a screen; a quarter of the whole.
    unused=("libllvm", "libz3", "libgl1-mesa-dri", "mesa-"),
)


@dataclass(frozen=True, slots=True)
class Platform:
    """Where Debian puts libraries and the loader for one architecture."""

    triplet: str
    loader: str


PLATFORMS = {
    "amd64": Platform("x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "arm64": Platform("aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}
