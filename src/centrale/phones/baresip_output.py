"""What a baresip program prints: log lines, and with option -s every SIP message that it sends or receives.

Each message is printed before baresip acts on it. So when an event arrives over the control connection, everything
that led to it already lies in the pipe: `drain` reads it first, and events and messages keep their true order.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import Callable

from centrale.phones.sip import SipMessage

_TRACE_STARTS = b"\x1b[36;1m#\n"
_TRACE_ENDS = b"\x1b[;m\n"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

TAIL_LINES = 40

OnMessage = Callable[[SipMessage, tuple[str, int], tuple[str, int]], None]
"""Called with a message, the address that it came from and the one that it went to."""


class BaresipOutput:
    """Splits the output into log lines and SIP messages, and keeps the last lines for error messages."""

    def __init__(self, on_line: Callable[[str], None], on_message: OnMessage, on_end: Callable[[], None]) -> None:
        self._on_line = on_line
        self._on_message = on_message
        self._on_end = on_end
        self._rest = b""
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._read_end = -1

    def open(self) -> int:
        """Make the pipe; returns the end for the program, which the caller closes after starting it."""
        self._read_end, write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        asyncio.get_running_loop().add_reader(self._read_end, self.drain)
        return write_end

    def drain(self) -> None:
        """Read and hand over everything printed until now."""
        while self._read_end >= 0:
            try:
                printed = os.read(self._read_end, 65536)
            except BlockingIOError:
                break
            if not printed:
                self.close()
                self._on_end()
                break
            self._rest += printed
            self._split()

    def close(self) -> None:
        """Stop reading."""
        if self._read_end >= 0:
            asyncio.get_running_loop().remove_reader(self._read_end)
            os.close(self._read_end)
            self._read_end = -1

    @property
    def tail(self) -> str:
        """The last log lines and the first lines of the last messages."""
        return "\n".join(self._tail)

    def _split(self) -> None:
        while self._rest:
            if self._rest.startswith(_TRACE_STARTS):
                trace, ended, rest = self._rest.removeprefix(_TRACE_STARTS).partition(_TRACE_ENDS)
                if not ended:
                    return
                self._rest = rest
                self._traced(trace)
                continue
            line, newline, rest = self._rest.partition(b"\n")
            if not newline:
                return
            if (start := line.find(_TRACE_STARTS[:-1])) > 0:
                # A log line without its end of line before a message (baresip prints from several threads).
                line, rest = line[:start], self._rest[start:]
            self._rest = rest
            text = _COLOURS.sub("", line.decode(errors="replace")).strip()
            if text:
                self._tail.append(text)
                self._on_line(text)

    def _traced(self, trace: bytes) -> None:
        where, _, packet = trace.decode(errors="replace").partition("\n")
        match = re.fullmatch(r"\w+ (\S+):(\d+) -> (\S+):(\d+)", where.strip())
        if match is None or not packet.strip():
            return  # A keep-alive of empty lines.
        message = SipMessage.parse(packet)
        self._tail.append(f"{where}  {message.start}")
        self._on_message(message, (match[1], int(match[2])), (match[3], int(match[4])))
