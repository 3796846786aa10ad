"""The message-waiting lamp of a wire phone: what the exchange told it last (RFC 3842)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from centrale.phones import digest
from centrale.phones.phone import PATIENCE
from centrale.phones.sip import Headers, SipMessage
from centrale.phones.transactions import new_branch
from centrale.phones.wire import WirePhone
from centrale.phones.wire_call import Header

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


async def subscribes(phone: WirePhone, to: str, *, expires: int = 600) -> int:
    """Ask to be told of the messages of `to` (SUBSCRIBE, RFC 6665); the status of the answer."""
    uri = f"sip:{to}@{phone.server[0]}:{phone.server[1]}"
    call_id = secrets.token_hex(8)
    me = f"<sip:{phone.username}@{phone.server[0]}>"

    def request(sequence: int, *extra: Header) -> SipMessage:
        headers = [
            ("Via", phone.via(new_branch())),
            ("Max-Forwards", "70"),
            ("From", f"{me};tag={call_id}"),
            ("To", f"<{uri}>"),
            ("Call-ID", call_id),
            ("CSeq", f"{sequence} SUBSCRIBE"),
            ("Contact", phone.contact),
            ("Event", "message-summary"),
            ("Accept", "application/simple-message-summary"),
            ("Expires", str(expires)),
            *extra,
        ]
        return SipMessage(f"SUBSCRIBE {uri} SIP/2.0", Headers(headers))

    answer = await phone.transactions.ask(request(1), phone.server)
    if answer.status == 401 and phone.credentials is not None:
        proof = digest.answer(answer, phone.credentials, "SUBSCRIBE", uri)
        answer = await phone.transactions.ask(request(2, proof), phone.server)
    return answer.status
