"""A telephone's audio on the wire: RTP (RFC 3550) with G.711 and keys, as events (RFC 4733) or as tones in it."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import struct
from array import array
from collections.abc import Callable
from typing import cast

from centrale.phones.audio import samples_of, tone
from centrale.phones.g711 import ALAW, ULAW, Law
from centrale.phones.keys import tones_of

RATE = 8000
SILENT_S = 5
"""Seconds between two pieces of silence of a phone that says nothing."""
FRAME_S = 0.02
FRAME = round(RATE * FRAME_S)
KEYS = "0123456789*#ABCD"
"""Index in this string = event code (RFC 4733 §3.2)."""
LAWS: dict[int, Law] = {8: ALAW, 0: ULAW}
"""Static payload types (RFC 3551)."""

_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_VERSION_2 = 0x80
_MARKER = 0x80
_END_OF_EVENT = 0x80
_VOLUME = 10
_KEY_FRAMES = 5
"""A key is held for 100 ms …"""
_GAP_FRAMES = 3
"""… with 60 ms between keys; the same as a fast finger."""
_END_REPEATS = 3


class RtpStream(asyncio.DatagramProtocol):
    """Sends a tone and keys to one peer, and hands what it hears to callbacks. Without a frequency it is silent and
    presses no keys.

    `payload_type` and `event_type` follow the SDP negotiation; nothing is sent before `talk_to`. `inband`: keys are
    sent as tones.
    """

    def __init__(self, frequency: int, hear: Callable[[bytes, int], None], key: Callable[[str], None]) -> None:
        self._frequency = frequency
        self._hear = hear
        self._key = key
        self._transport: asyncio.DatagramTransport | None = None
        self._peer: tuple[str, int] | None = None
        self._payload_type = 8
        self._event_type = 101
        self._talking: asyncio.Task[None] | None = None
        self._to_press: list[str] = []
        self._pressed = asyncio.Event()
        self._last_event: int | None = None
        self.closed = asyncio.Event()
        self._key_frame = 0
        self.inband = False
        self._source = secrets.randbits(32)

    @classmethod
    async def open(
        cls, host: str, frequency: int, hear: Callable[[bytes, int], None], key: Callable[[str], None]
    ) -> RtpStream:
        """Take a port on this address."""
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_datagram_endpoint(lambda: cls(frequency, hear, key), local_addr=(host, 0))
        return stream

    @property
    def port(self) -> int:
        assert self._transport is not None
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def talk_to(self, peer: tuple[str, int], payload_type: int, event_type: int) -> None:
        """Talk to this address from now on; a second call changes the address or the codec."""
        self._peer, self._payload_type, self._event_type = peer, payload_type, event_type
        if self._talking is None:
            talk = self._talk() if self._frequency else self._be_silent()
            self._talking = asyncio.create_task(talk, name=f"RTP to {peer}")

    async def press(self, digits: str) -> None:
        """Send these keys in the place of the tone; returns when the last one is released."""
        unknown = set(digits.upper()) - set(KEYS)
        if unknown:
            raise ValueError(f"there is no key {' '.join(sorted(unknown))} on a telephone")
        self._to_press += digits.upper()
        self._pressed.clear()
        await self._pressed.wait()

    def close(self) -> None:
        if self._talking is not None:
            self._talking.cancel()
        self._pressed.set()
        if self._transport is not None:
            self._transport.close()

    # Sending ----------------------------------------------------------------------------------------------------

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        voice = LAWS.get(self._payload_type, ALAW).encode(samples_of(tone(self._frequency, RATE, 1)))
        frames = itertools.cycle(voice[start : start + FRAME] for start in range(0, RATE, FRAME))
        due, sequence, timestamp = loop.time(), 0, 0
        while True:
            for payload_type, marker, stamp, payload in self._next_packets(frames, timestamp):
                self._send(payload_type, marker, sequence, stamp, payload)
                sequence = (sequence + 1) & 0xFFFF
            timestamp = (timestamp + FRAME) & 0xFFFFFFFF
            due += FRAME_S
            await asyncio.sleep(due - loop.time())

    async def _be_silent(self) -> None:
        """A piece of silence now and then, as phones send that notice that nobody speaks (RFC 3389)."""
        silence = LAWS.get(self._payload_type, ALAW).encode(array("h", [0]) * FRAME)
        for sequence in itertools.count():
            stamp = (sequence * RATE * SILENT_S) & 0xFFFFFFFF
            self._send(self._payload_type, _MARKER, sequence & 0xFFFF, stamp, silence)
            await asyncio.sleep(SILENT_S)

    def _next_packets(self, frames: itertools.cycle[bytes], now: int) -> list[tuple[int, int, int, bytes]]:
        """What goes out in this 20 ms: payload type, marker, timestamp, payload."""
        if not self._to_press:
            return [(self._payload_type, 0, now, next(frames))]
        frame, self._key_frame = self._key_frame, self._key_frame + 1
        code = KEYS.index(self._to_press[0])
        started = (now - frame * FRAME) & 0xFFFFFFFF
        if self.inband and frame <= _KEY_FRAMES:
            tones = tones_of(self._to_press[0], RATE, (_KEY_FRAMES + 1) * FRAME_S)[frame * FRAME :][:FRAME]
            return [(self._payload_type, 0, now, LAWS.get(self._payload_type, ALAW).encode(tones))]
        if frame < _KEY_FRAMES:
            event = _EVENT.pack(code, _VOLUME, (frame + 1) * FRAME)
            return [(self._event_type, _MARKER if frame == 0 else 0, started, event)]
        if frame == _KEY_FRAMES:
            event = _EVENT.pack(code, _END_OF_EVENT | _VOLUME, _KEY_FRAMES * FRAME)
            return [(self._event_type, 0, started, event)] * _END_REPEATS
        if frame == _KEY_FRAMES + _GAP_FRAMES:
            self._key_frame = 0
            self._to_press.pop(0)
            if not self._to_press:
                self._pressed.set()
        return [(self._payload_type, 0, now, next(frames))]

    def _send(self, payload_type: int, marker: int, sequence: int, timestamp: int, payload: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            header = _HEADER.pack(_VERSION_2, marker | payload_type, sequence, timestamp, self._source)
            self._transport.sendto(header + payload, self._peer)

    # Receiving --------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not an `isinstance`: the selector loop's own datagram transport became a subclass only in Python 3.12.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if len(data) <= _HEADER.size or data[0] >> 6 != 2:
            return
        _, second, _, timestamp, _ = _HEADER.unpack_from(data)
        payload_type, payload = second & 0x7F, data[_HEADER.size + 4 * (data[0] & 0x0F) :]
        if payload_type in LAWS:
            self._hear(LAWS[payload_type].decode(payload), RATE)
        elif payload_type == self._event_type and len(payload) >= _EVENT.size:
            # An event is repeated in several packets of one timestamp: the first one counts.
            code = payload[0]
            if timestamp != self._last_event and code < len(KEYS):
                self._last_event = timestamp
                self._key(KEYS[code])
