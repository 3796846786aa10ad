"""Thousands of G.711 streams from one process: sent on time, received, and counted.

    with RtpEngine.start(cores) as engine:
        engine.talk({stream: port of the exchange, …})
        heard = engine.listen(seconds=4.0)

Each packet carries its stream's number and its tick (20 ms) in the place of the first eight bytes of sound, which the
exchange passes on untouched between two A-law phones; so whoever receives it knows what was sent when, however the RTP
header was written anew. A stream's packets are due within `IN_TIME_S`: what comes later is lost to the ear, because no
phone's jitter buffer waits longer, though Asterisk's sockets hold seconds of sound.

sendmmsg(2) and recvmmsg(2) take many packets at a time, by ctypes; a call of Python's own for each would cost more than
what is measured.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import socket
import struct
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from centrale.phones.tools import LOOPBACK

TICK_S = 0.02
IN_TIME_S = 0.2
SOCKETS = 64
"""Streams share ports, or a socket's buffer would be the measure of things; Asterisk has one port for each anyway."""
PER_SOCKET = 128
STREAMS = SOCKETS * PER_SOCKET

_FRAME = 160
_PACKET = 12 + _FRAME
_HEADER = struct.Struct("!BBHII II")
_SEEN = 64
_MARK = struct.Struct(f"!12x II {_SEEN - 20}x")
_AT_ONCE = 512
_BUFFER = 4 * 1024 * 1024
_SO_RCVBUFFORCE = 33
_IN_TIME = round(IN_TIME_S / TICK_S)


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Msghdr(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("iov", ctypes.POINTER(_Iovec)),
        ("iov_length", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Mmsghdr(ctypes.Structure):
    _fields_ = (("header", _Msghdr), ("length", ctypes.c_uint32))


_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of the packets of some seconds. `late_ms`: how far behind its own time table the sender itself was."""

    streams: int
    expected: int
    in_time: int
    late_ms: float

    @property
    def loss(self) -> float:
        """Share of packets that did not come in time."""
        return 1 - self.in_time / self.expected if self.expected else 0.0


class RtpEngine:
    """The other process, seen from here."""

    def __init__(self, process: Any, pipe: Connection, ports: list[int]) -> None:
        self._process = process
        self._pipe = pipe
        self._ports = ports
        self.pid: int = process.pid

    @classmethod
    def start(cls, cores: set[int]) -> Self:
        """Start it on these cores; its ports are open then."""
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_main, args=(there, sorted(cores)), daemon=True)
        process.start()
        return cls(process, here, here.recv())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.send(("end", None))
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()

    def port(self, stream: int) -> int:
        """Where this stream is received; for its SDP."""
        return self._ports[stream % SOCKETS]

    def talk(self, targets: Mapping[int, int]) -> None:
        """Send these streams, each to a port of the exchange, besides those that are sent already."""
        self._pipe.send(("talk", dict(targets)))
        self._pipe.recv()

    def silence(self) -> None:
        """Send nothing any more."""
        self._pipe.send(("silence", None))
        self._pipe.recv()

    def listen(self, seconds: float) -> Heard:
        """Count the packets that are sent in the next `seconds`. Blocks a little longer than that."""
        self._pipe.send(("listen", seconds))
        heard: Heard = self._pipe.recv()
        return heard


class _Lane:
    """One socket with its streams: their packets lie side by side, ready to be sent in one call."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.setblocking(False)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        except PermissionError:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self.count = 0
        self.streams: list[int] = []
        self._packets = ctypes.create_string_buffer(b"\xd5" * (_PACKET * PER_SOCKET), _PACKET * PER_SOCKET)
        self._addresses = ctypes.create_string_buffer(16 * PER_SOCKET)
        self._iovecs = (_Iovec * PER_SOCKET)()
        self._messages = (_Mmsghdr * PER_SOCKET)()

    def add(self, stream: int, port: int) -> None:
        place, self.count = self.count, self.count + 1
        self.streams.append(stream)
        address = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + socket.inet_aton(LOOPBACK) + bytes(8)
        ctypes.memmove(ctypes.addressof(self._addresses) + 16 * place, address, 16)
        self._iovecs[place] = _Iovec(ctypes.addressof(self._packets) + _PACKET * place, _PACKET)
        message = self._messages[place].header
        message.name, message.name_length = ctypes.addressof(self._addresses) + 16 * place, 16
        message.iov, message.iov_length = ctypes.pointer(self._iovecs[place]), 1

    def send(self, tick: int) -> None:
        sequence, timestamp = tick & 0xFFFF, tick * _FRAME & 0xFFFFFFFF
        for place, stream in enumerate(self.streams):
            _HEADER.pack_into(
                self._packets, _PACKET * place, 0x80, 8, sequence, timestamp, 0xC0000000 + stream, stream, tick
            )
        if self.count:
            _libc.sendmmsg(self.socket.fileno(), self._messages, self.count, 0)


class _Ear:
    """Receives from all lanes into one buffer."""

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(_SEEN * _AT_ONCE)
        self._view = memoryview(self._buffer)
        self._iovecs = (_Iovec * _AT_ONCE)()
        self._messages = (_Mmsghdr * _AT_ONCE)()
        for place in range(_AT_ONCE):
            self._iovecs[place] = _Iovec(ctypes.addressof(self._buffer) + _SEEN * place, _SEEN)
            header = self._messages[place].header
            header.iov, header.iov_length = ctypes.pointer(self._iovecs[place]), 1
        self.in_time: Counter[int] = Counter()
        """Packets that came in time, by the tick in which they were sent."""

    def hear(self, lane: _Lane, tick: int) -> None:
        while True:
            got: int = _libc.recvmmsg(lane.socket.fileno(), self._messages, _AT_ONCE, socket.MSG_DONTWAIT, None)
            if got <= 0:
                return
            earliest = tick - _IN_TIME
            self.in_time.update(
                sent for _, sent in _MARK.iter_unpack(self._view[: got * _SEEN]) if earliest <= sent <= tick
            )
            if got < _AT_ONCE:
                return


class _Engine:
    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.lanes = [_Lane(number) for number in range(SOCKETS)]
        self.ear = _Ear()
        self.streams = 0
        self.window: tuple[int, int] | None = None
        self.latest = 0.0

    def run(self) -> None:
        """Each lane has its moment in each tick, so that packets leave evenly, as those of many phones would."""
        self.pipe.send([lane.socket.getsockname()[1] for lane in self.lanes])
        slot = TICK_S / SOCKETS
        start, step = time.perf_counter(), 0
        while True:
            tick, place = divmod(step, SOCKETS)
            if place == 0 and not self._obey(tick):
                return
            due = start + step * slot
            behind = time.perf_counter() - due
            if behind < 0:
                time.sleep(-behind)  # noqa: TID251 - a process of its own whose whole work is to be on time
            elif self.window and self.window[0] <= tick < self.window[1]:
                self.latest = max(self.latest, behind)
            self.lanes[place].send(tick)
            # Heard half a tick after it sent: what it is sent back is spread just as evenly.
            self.ear.hear(self.lanes[(place + SOCKETS // 2) % SOCKETS], tick)
            step += 1

    def _obey(self, tick: int) -> bool:
        if self.window and tick > self.window[1] + _IN_TIME + 5:
            first, last = self.window
            in_time = sum(self.ear.in_time[sent] for sent in range(first, last))
            self.pipe.send(Heard(self.streams, self.streams * (last - first), in_time, self.latest * 1000))
            self.window = None
        if tick % 50 == 0:
            for sent in [sent for sent in self.ear.in_time if sent < tick - 5000]:
                del self.ear.in_time[sent]
        while self.window is None and self.pipe.poll():
            what, how = self.pipe.recv()
            match what:
                case "talk":
                    for stream, port in how.items():
                        self.lanes[stream % SOCKETS].add(stream, port)
                    self.streams += len(how)
                    self.pipe.send(None)
                case "silence":
                    for lane in self.lanes:
                        lane.count = 0
                        lane.streams.clear()
                    self.streams = 0
                    self.pipe.send(None)
                case "listen":
                    self.window = (tick + 1, tick + 1 + round(how / TICK_S))
                    self.latest = 0.0
                case "end":
                    return False
        return True


def _main(pipe: Connection, cores: list[int]) -> None:
    os.sched_setaffinity(0, cores)
    _Engine(pipe).run()
