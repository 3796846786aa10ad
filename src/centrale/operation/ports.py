"""Are the ports that we need free, and if not: who has them, and which setting chooses another?"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from centrale.settings import Settings


@dataclass(frozen=True, slots=True)
class PortNeed:
    """A port that one of our programs listens on, and the setting that chooses it."""

    use: str
    address: str
    port: int
    kind: socket.SocketKind
    setting: str

    def __str__(self) -> str:
        return f"{self.use} {'UDP' if self.kind is socket.SOCK_DGRAM else 'TCP'} {self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class PortTaken:
    """A needed port that we cannot have. `holder`: the program that has it, where we may know."""

    need: PortNeed
    holder: str | None
    reason: str

    def __str__(self) -> str:
        if self.holder:
            return f"{self.need}: {self.reason} by {self.holder}; choose another with {self.need.setting}"
        return f"{self.need}: {self.reason}; choose another with {self.need.setting}"


def asterisk_ports(settings: Settings) -> list[PortNeed]:
    """What Asterisk listens on (media ports are taken one by one during calls)."""
    address = str(settings.bind)
    return [
        PortNeed("SIP", address, settings.sip_port, socket.SOCK_DGRAM, "CENTRALE_SIP_PORT"),
        PortNeed("SIP", address, settings.sip_port, socket.SOCK_STREAM, "CENTRALE_SIP_PORT"),
        PortNeed("ARI", "127.0.0.1", settings.ari_port, socket.SOCK_STREAM, "CENTRALE_ARI_PORT"),
    ]


def web_ports(settings: Settings) -> list[PortNeed]:
    """What our own process listens on."""
    return [PortNeed("Portal", str(settings.bind), settings.http_port, socket.SOCK_STREAM, "CENTRALE_HTTP_PORT")]


def taken_ports(needs: list[PortNeed]) -> list[PortTaken]:
    """Those of `needs` that cannot be had now, found by trying."""
    return [taken for need in needs if (taken := _try(need)) is not None]


def _try(need: PortNeed) -> PortTaken | None:
    family = socket.AF_INET6 if ip_address(need.address).version == 6 else socket.AF_INET
    with socket.socket(family, need.kind) as probe:
        if need.kind is socket.SOCK_STREAM:
            # As the servers do: connections that linger after a stop are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((need.address, need.port))
            if need.kind is socket.SOCK_STREAM:
                probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return PortTaken(need, _holder(need), "taken")
            return PortTaken(need, None, error.strerror or str(error))
    return None


def _holder(need: PortNeed) -> str | None:
    """The program that holds the port; None when it is another user's, whose files we may not see."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(need)}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and not sockets.isdisjoint(_open_files(folder)):
            with contextlib.suppress(FileNotFoundError):  # it has just ended
                return f"{(folder / 'comm').read_text(encoding='utf-8').strip()} (process {folder.name})"
    return None


def _open_files(process: Path) -> Iterator[str]:
    """What a process has open, as far as we may look; files that it closes while we look are passed over."""
    with contextlib.suppress(OSError):
        for link in (process / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                yield os.readlink(link)


def _inodes(need: PortNeed) -> Iterator[str]:
    protocol = "udp" if need.kind is socket.SOCK_DGRAM else "tcp"
    bound_states = {"07", "0A"}  # unconnected UDP, listening TCP (include/net/tcp_states.h)
    for table in (protocol, f"{protocol}6"):
        path = Path("/proc/net") / table
        lines = path.read_text(encoding="ascii").splitlines()[1:] if path.exists() else []
        for words in (line.split() for line in lines):
            if int(words[1].rpartition(":")[2], 16) == need.port and words[3] in bound_states:
                yield words[9]
