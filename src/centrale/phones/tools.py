"""What phones need from their surroundings: where the programs are, and ports of their own."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Protocol


class Toolbox(Protocol):
    """Where the programs live: the machine's own, or a private runtime that is started through its own loader.

    `centrale.telephony.asterisk.runtime.Runtime`, fetched with its tools, is one.
    """

    @property
    def baresip_modules(self) -> Path:
        """The folder of baresip's modules (`ctrl_tcp.so` …)."""

    def command(self, program: str) -> list[str]:
        """The words that start a program ("baresip", "sipp"), to which its arguments are added."""


LOOPBACK = "127.0.0.1"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of the loopback address that nobody uses at this moment.

    Another program may take it before it is used; whoever starts a program on it retries with another one.
    """
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
