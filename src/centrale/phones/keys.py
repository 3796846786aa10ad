"""A telephone's keys, and the three ways in which they travel (CHN-1)."""

from __future__ import annotations

import re
from array import array
from enum import StrEnum

from centrale.phones.audio import pcm_of, samples_of, tone

_PAD = ("123A", "456B", "789C", "*0#D")
_ROWS = (697, 770, 852, 941)
_COLUMNS = (1209, 1336, 1477, 1633)
"""Hz (ITU-T Q.23)."""


class Keys(StrEnum):
    """How a phone sends the keys that are pressed in a call."""

    EVENTS = "rfc4733"
    """As events beside the voice."""
    INFO = "info"
    """As SIP requests."""
    INBAND = "inband"
    """As tones in the voice itself."""


def tones_of(key: str, rate: int, seconds: float) -> array[int]:
    """The two tones of a key, as loud as a phone sends them."""
    row = next(n for n, keys in enumerate(_PAD) if key in keys)
    column = _PAD[row].index(key)
    low, high = (samples_of(tone(hertz, rate, seconds, 6000)) for hertz in (_ROWS[row], _COLUMNS[column]))
    return samples_of(pcm_of(array("h", (a + b for a, b in zip(low, high, strict=True)))))


INFO_TYPE = ("Content-Type", "application/dtmf-relay")


def info_body(key: str) -> str:
    """The body of a SIP INFO for one key."""
    return f"Signal={key}\r\nDuration=160\r\n"


def key_in(body: str) -> str:
    """The key that the body of a SIP INFO tells of; empty when it is about something else."""
    found = re.search(r"Signal\s*=\s*([0-9A-D*#])", body, re.IGNORECASE)
    return found[1] if found else ""
