"""Where one exchange's Asterisk keeps its things, all below the home."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_LONGEST_SOCKET_PATH = 100
"""A Unix socket's path has at most 107 characters (unix(7)); Asterisk cuts a longer one off without a word."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths derived from the home; nothing is created by asking."""

    home: Path

    @property
    def base(self) -> Path:
        return self.home / "asterisk"

    @property
    def etc(self) -> Path:
        """The rendered configuration; made anew at each start of Asterisk."""
        return self.base / "etc"

    @property
    def main_file(self) -> Path:
        return self.etc / "asterisk.conf"

    @property
    def var(self) -> Path:
        """Asterisk's own database: registered contacts live here, so they survive a restart."""
        return self.base / "var"

    @property
    def spool(self) -> Path:
        """Recordings, until they are moved to where they belong."""
        return self.base / "spool"

    @property
    def recordings(self) -> Path:
        """Where Asterisk puts what ARI has it record."""
        return self.spool / "recording"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def realtime(self) -> Path:
        """The SQLite file from which Asterisk reads channels and trunks at the moment that it needs them."""
        return self.base / "realtime.db"

    @property
    def music(self) -> Path:
        """The usual music on hold, and in a folder for each account its own."""
        return self.home / "music"

    @property
    def ari_password(self) -> Path:
        return self.home / "secrets" / "ari-password"

    @property
    def run(self) -> Path:
        """The folder of the control socket: in the home, or in a private short one when the home's path is too long."""
        usual = self.base / "run"
        if len(str(usual / "asterisk.ctl")) <= _LONGEST_SOCKET_PATH:
            return usual
        name = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"centrale-{os.getuid()}-{name}"

    def make(self) -> None:
        """Create all folders; only the owner may enter those that hold sockets or secrets."""
        for folder in (self.etc, self.var / "keys", self.recordings, self.log):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (self.run, self.base, self.ari_password.parent):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
            if private.stat().st_uid != os.getuid():
                raise PermissionError(f"{private} belongs to another user")
            private.chmod(0o700)
