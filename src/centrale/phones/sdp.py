"""Session descriptions (RFC 4566, RFC 3264) of a plain telephone: one audio stream, G.711 and keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

RTPMAP = {0: "PCMU/8000", 8: "PCMA/8000", 9: "G722/8000", 18: "G729/8000"}
SPOKEN = (8, 0)
"""Payload types that `rtp` can speak."""
EVENTS = 101


@dataclass(frozen=True)
class Audio:
    """Where and how the other side wants its audio."""

    address: tuple[str, int]
    payload_types: tuple[int, ...]
    events: int

    @classmethod
    def parse(cls, sdp: str) -> Audio | None:
        """Read the first audio stream; None when there is none or it is refused (port 0)."""
        media = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", sdp, re.MULTILINE)
        if media is None or media[1] == "0":
            return None
        below = re.search(r"^c=IN IP[46] (\S+)", sdp[media.start() :], re.MULTILINE)
        connection = below or re.search(r"^c=IN IP[46] (\S+)", sdp, re.MULTILINE)
        if connection is None:
            return None
        events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", sdp, re.MULTILINE)
        return cls(
            (connection[1], int(media[1])),
            tuple(int(word) for word in media[2].split()),
            int(events[1]) if events else EVENTS,
        )

    def common(self, codecs: Sequence[int]) -> int | None:
        """The first of their codecs that is one of ours (the offerer's order decides, RFC 3264 §6.1)."""
        return next((codec for codec in self.payload_types if codec in codecs), None)


def describe(host: str, port: int, codecs: Sequence[int], *, events: int | None = EVENTS, version: int = 1) -> str:
    """A description that offers or accepts these codecs on this port. `events`: their payload type; None for none."""
    lines = [
        "v=0",
        f"o=phone {port} {version} IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {' '.join(map(str, codecs if events is None else (*codecs, events)))}",
        *(f"a=rtpmap:{codec} {RTPMAP[codec]}" for codec in codecs),
        *(() if events is None else (f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-16")),
        "a=sendrecv",
    ]
    return "\r\n".join(lines) + "\r\n"
