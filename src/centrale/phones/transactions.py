"""Requests are repeated until answered, answers whenever they are asked for again (RFC 3261 §17, over UDP)."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence

from centrale.phones.sip import Headers, SipMessage

T1_S = 0.5
"""First wait before a message is repeated (RFC 3261 §17.1.1.1); doubles up to 4 s."""
T2_S = 4.0
ATTEMPTS = 7
REMEMBERED = 256
"""Answers kept for requests that come again."""

Address = tuple[str, int]
Key = tuple[str, str]


def new_branch() -> str:
    """A transaction's own name (RFC 3261 §8.1.1.7)."""
    return f"z9hG4bK{secrets.token_hex(8)}"


def key_of(message: SipMessage) -> Key:
    """What a request and its answers have in common: branch and method."""
    _, _, parameters = message.headers.get("Via").partition(";branch=")
    return parameters.partition(";")[0].strip(), message.method


class Repeating:
    """Sends a message now and again, until stopped."""

    def __init__(self, send: Callable[[], None]) -> None:
        self._send = send
        self._wait = T1_S
        self._left = ATTEMPTS
        self._timer: asyncio.TimerHandle | None = None
        self._again()

    def _again(self) -> None:
        self._send()
        self._left -= 1
        if self._left:
            self._timer = asyncio.get_running_loop().call_later(self._wait, self._again)
            self._wait = min(self._wait * 2, T2_S)

    def stop(self) -> None:
        """The other side has it."""
        if self._timer is not None:
            self._timer.cancel()


class Transactions:
    """The requests under way of one endpoint and the answers that it gave."""

    def __init__(self, send: Callable[[SipMessage, Address], None]) -> None:
        self._send = send
        self._asked: dict[Key, asyncio.Future[SipMessage]] = {}
        self._given: OrderedDict[Key, SipMessage] = OrderedDict()

    async def ask(self, request: SipMessage, to: Address, *, timeout: float = 10) -> SipMessage:
        """Send a request other than INVITE and return its final answer; a 408 of our own when none comes."""
        key = key_of(request)
        answer: asyncio.Future[SipMessage] = asyncio.get_running_loop().create_future()
        self._asked[key] = answer
        repeating = Repeating(lambda: self._send(request, to))
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            return SipMessage("SIP/2.0 408 No Answer", request.headers)
        finally:
            repeating.stop()
            del self._asked[key]

    def answered(self, response: SipMessage) -> None:
        """An answer came in."""
        waiting = self._asked.get(key_of(response))
        if waiting is not None and response.status >= 200 and not waiting.done():
            waiting.set_result(response)

    def give(self, request: SipMessage, response: SipMessage, to: Address) -> None:
        """Answer a request, and again whenever it comes again."""
        key = key_of(request)
        self._given[key] = response
        self._given.move_to_end(key)
        if len(self._given) > REMEMBERED:
            self._given.popitem(last=False)
        self._send(response, to)

    def seen_before(self, request: SipMessage, source: Address) -> bool:
        """A request that was answered already gets the same answer again."""
        response = self._given.get(key_of(request))
        if response is not None:
            self._send(response, source)
        return response is not None


def response_to(
    request: SipMessage, status: str, *, tag: str = "", more: tuple[tuple[str, str], ...] = (), body: str = ""
) -> SipMessage:
    """An answer: Via, From, To, Call-ID and CSeq of the request (RFC 3261 §8.2.6.2), and what else is given."""
    headers: list[tuple[str, str]] = []
    for name, value in request.headers:
        match name.lower():
            case "via" | "v" | "from" | "f" | "call-id" | "i" | "cseq" | "record-route":
                headers.append((name, value))
            case "to" | "t":
                headers.append((name, value if ";tag=" in value or not tag else f"{value};tag={tag}"))
    if body:
        headers.append(("Content-Type", "application/sdp"))
    return SipMessage(f"SIP/2.0 {status}", Headers([*headers, *more]), body)


def cancel_of(invite: SipMessage, target: str, extra: Sequence[tuple[str, str]]) -> SipMessage:
    """The CANCEL of an INVITE: the same transaction, route and parties (RFC 3261 §9.1)."""
    same = ("Via", "From", "To", "Call-ID", "Max-Forwards", "Route")
    kept = [(name, value) for name, value in invite.headers if name in same]
    sequence = invite.headers["CSeq"].split()[0]
    return SipMessage(f"CANCEL {target} SIP/2.0", Headers([*kept, ("CSeq", f"{sequence} CANCEL"), *extra]))


class Ear(asyncio.DatagramProtocol):
    """One UDP port: what comes in goes to `heard`. `closed` is set while there is no port."""

    def __init__(self, heard: Callable[[bytes, Address], None]) -> None:
        self._heard = heard
        self.closed = asyncio.Event()
        self.closed.set()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._heard(data, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
