"""The message-waiting lamp of a wire phone: what the exchange told it last (RFC 3842)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from centrale.phones.phone import PATIENCE
from centrale.phones.sip import SipMessage
from centrale.phones.wire import WirePhone

Counts = tuple[int, int]
"""New messages, and old ones."""


def counts_of(notify: SipMessage) -> Counts | None:
    """What a NOTIFY tells of messages; None when it tells of something else."""
    if notify.method != "NOTIFY" or notify.status or notify.headers.get("Event") != "message-summary":
        return None
    found = re.search(r"^Voice-Message: (\d+)/(\d+)", notify.body, re.MULTILINE)
    return None if found is None else (int(found[1]), int(found[2]))


def is_lit(notify: SipMessage) -> bool:
    """Does it light the lamp?"""
    return notify.body.startswith("Messages-Waiting: yes")


def shown(received: Sequence[SipMessage]) -> Counts | None:
    """What the phone shows after all that it was told; None when it was told nothing of messages."""
    told = (counts for message in reversed(received) if (counts := counts_of(message)) is not None)
    return next(told, None)


async def shows(phone: WirePhone, new: int, old: int = 0, *, timeout: float = PATIENCE) -> None:
    """Wait until the phone shows so many new and old messages: its lamp is on when there are new ones."""
    await phone.happenings.until(
        lambda: shown(phone.received) == (new, old) or None,
        timeout,
        lambda: f"{phone.name} shows (new, old) = {shown(phone.received)} instead of {(new, old)}",
    )
    last = next(message for message in reversed(phone.received) if counts_of(message) is not None)
    if is_lit(last) != bool(new):
        raise AssertionError(f"{phone.name}: {last.body!r}")
