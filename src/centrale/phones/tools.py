"""What phones need from their surroundings: where the programs are, and ports of their own."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Protocol


class Toolbox(Protocol):
    """Where the programs live: the machine's own, or a private runtime that is started through its own loader.

    `centrale.runtime.Runtime`, fetched with its tools, is one.
    """

    @property
    def baresip_modules(self) -> Path:
        """The folder of baresip's modules (`ctrl_tcp.so` …)."""

    def command(self, program: str) -> list[str]:
        """The words that start a program ("baresip", "sipp"), to which its arguments are added."""


LOOPBACK = "127.0.0.1"


PORT_ATTEMPTS = 50


def free_port(*kinds: socket.SocketKind) -> int:
    """A port of the loopback address that nobody uses at this moment, for every one of `kinds` (TCP if none is given).

    Another program may take it before it is used; whoever starts a program on it retries with another one.
    """
    first, *others = kinds or (socket.SOCK_STREAM,)
    for _ in range(PORT_ATTEMPTS):
        with socket.socket(socket.AF_INET, first) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
            if all(_is_free(port, kind) for kind in others):
                return port
    raise OSError(f"no free port was found in {PORT_ATTEMPTS} attempts")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
