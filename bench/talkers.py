"""Many calls that stay up, for `bench.talking`: just enough SIP to set them up and to end them, sound goes elsewhere.

Both sides of every call are here: callers on a port of their own, callees on the port where they registered.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.exchange import MeasuredExchange
from bench.people import PASSWORD, Pair
from centrale.phones import digest
from centrale.phones.digest import Credentials
from centrale.phones.sip import Headers, SipMessage
from centrale.phones.tools import LOOPBACK

_PATIENCE_S = 10.0
_AGAIN_S = 0.5
"""T1 of RFC 3261: a request without an answer is sent again."""


class CallFailed(Exception):
    """A call did not come about; the message says what came instead."""


@dataclass(slots=True)
class TalkingCall:
    """A call that is up. `caller_port`, `callee_port`: where the exchange expects the sound of each."""

    invite: SipMessage
    answer: SipMessage
    caller_port: int
    callee_port: int


class _Side(asyncio.DatagramProtocol):
    """One UDP port: requests to `asked`, responses to whoever waits for them."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[str, str], asyncio.Queue[SipMessage]] = {}
        self._socket: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._socket = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = SipMessage.parse(data.decode())
        if not message.status:
            self.asked(message, addr)
        elif (queue := self.waiting.get((message.call_id, message.headers["CSeq"]))) is not None:
            queue.put_nowait(message)

    def asked(self, request: SipMessage, addr: tuple[str, int]) -> None:
        """The exchange hung up, or asks something; all is fine."""
        if request.method != "ACK":
            self.send(_response(request, 200, "OK"), addr)

    def send(self, message: SipMessage, to: tuple[str, int]) -> None:
        self._socket.sendto(message.encode(), to)

    @property
    def port(self) -> int:
        port: int = self._socket.get_extra_info("sockname")[1]
        return port

    def close(self) -> None:
        self._socket.close()


class _Callees(_Side):
    """Answer every call at once, with the port that `expect` announced for the one who is called."""

    def __init__(self) -> None:
        super().__init__()
        self._expected: dict[str, deque[tuple[int, asyncio.Future[int]]]] = defaultdict(deque)
        self._answered: dict[str, SipMessage] = {}

    def expect(self, callee: str, media_port: int) -> asyncio.Future[int]:
        """The next call to `callee` gets this media port; the result is the exchange's own."""
        theirs: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._expected[callee].append((media_port, theirs))
        return theirs

    def asked(self, request: SipMessage, addr: tuple[str, int]) -> None:
        if request.method != "INVITE":
            super().asked(request, addr)
            return
        answer = self._answered.get(request.call_id)
        if answer is None:
            callee = request.start.split(" ")[1].removeprefix("sip:").partition("@")[0]
            if not self._expected[callee]:
                self.send(_response(request, 486, "Busy Here"), addr)  # nobody waits for this one any more
                return
            media_port, theirs = self._expected[callee].popleft()
            contact = ("Contact", f"<sip:{callee}@{LOOPBACK}:{self.port}>")
            answer = _response(request, 200, "OK", [contact, _SDP], _sdp(media_port))
            self._answered[request.call_id] = answer
            if not theirs.done():
                theirs.set_result(_media_port(request))
        self.send(answer, addr)


class Talkers:
    """Sets up calls through an exchange, by our application or past it."""

    def __init__(self, exchange: MeasuredExchange, callers: _Side, callees: _Callees) -> None:
        self._server = (LOOPBACK, exchange.settings.sip_port)
        self._callers = callers
        self._callees = callees

    @classmethod
    @asynccontextmanager
    async def on(cls, exchange: MeasuredExchange) -> AsyncIterator[Talkers]:
        loop = asyncio.get_running_loop()
        _, callers = await loop.create_datagram_endpoint(_Side, local_addr=(LOOPBACK, 0))
        try:
            _, callees = await loop.create_datagram_endpoint(_Callees, local_addr=(LOOPBACK, exchange.callee_port))
            try:
                yield cls(exchange, callers, callees)
            finally:
                callees.close()
        finally:
            callers.close()

    async def call(self, pair: Pair, dialled: str, caller_media: int, callee_media: int) -> TalkingCall:
        """`pair.caller` dials, the callee answers; both say that they hear at these ports. Raises CallFailed."""
        theirs = self._callees.expect(pair.callee, callee_media)
        uri = f"sip:{dialled}@{LOOPBACK}:{self._server[1]}"
        headers = [
            ("From", f"<sip:{pair.caller}@{LOOPBACK}>;tag={secrets.token_hex(4)}"),
            ("To", f"<sip:{dialled}@{LOOPBACK}>"),
            ("Call-ID", secrets.token_hex(8)),
            ("Contact", f"<sip:{pair.caller}@{LOOPBACK}:{self._callers.port}>"),
            _SDP,
        ]
        offer = _sdp(caller_media)
        first = self._request("INVITE", uri, 1, headers, offer)
        challenge = await self._answer_to(first)
        self._acknowledge(first, challenge)
        if challenge.status != 401:
            raise CallFailed(f"{pair.caller} calls {dialled}: {challenge.start}")
        password = digest.answer(challenge, Credentials(pair.caller, PASSWORD), "INVITE", uri)
        invite = self._request("INVITE", uri, 2, [*headers, password], offer)
        answer = await self._answer_to(invite)
        self._acknowledge(invite, answer)
        if answer.status != 200:
            raise CallFailed(f"{pair.caller} calls {dialled}: {answer.start}")
        if not theirs.done():
            raise CallFailed(f"{pair.caller} calls {dialled}: answered, but not by {pair.callee}")
        return TalkingCall(invite, answer, _media_port(answer), theirs.result())

    async def hang_up(self, call: TalkingCall) -> None:
        """The caller hangs up; that the other side has gone before is fine."""
        uri = call.answer.headers["Contact"].strip("<>")
        headers = [(name, call.answer.headers[name]) for name in ("From", "To", "Call-ID")]
        await self._answer_to(self._request("BYE", uri, 3, headers))

    def _request(
        self, method: str, uri: str, number: int, headers: list[tuple[str, str]], body: str = ""
    ) -> SipMessage:
        here = f"{LOOPBACK}:{self._callers.port}"
        via = ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{secrets.token_hex(8)};rport")
        rest = [*headers, ("CSeq", f"{number} {method}"), ("Max-Forwards", "70")]
        return SipMessage(f"{method} {uri} SIP/2.0", Headers([via, *rest]), body)

    async def _answer_to(self, request: SipMessage) -> SipMessage:
        """Its final response. Raises CallFailed when there is none."""
        key = request.call_id, request.headers["CSeq"]
        queue = self._callers.waiting[key] = asyncio.Queue()
        proceeding = False
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    if not proceeding:
                        self._callers.send(request, self._server)
                    try:
                        response = await asyncio.wait_for(queue.get(), None if proceeding else _AGAIN_S)
                    except TimeoutError:
                        continue
                    proceeding = True
                    if response.status >= 200:
                        return response
        except TimeoutError:
            raise CallFailed(f"no answer to {request.start}") from None
        finally:
            del self._callers.waiting[key]

    def _acknowledge(self, request: SipMessage, response: SipMessage) -> None:
        ok = response.status == 200
        uri = response.headers["Contact"].strip("<>") if ok else request.start.split(" ")[1]
        headers = [("From", request.headers["From"]), ("To", response.headers["To"]), ("Call-ID", request.call_id)]
        number = int(request.headers["CSeq"].split()[0])
        ack = self._request("ACK", uri, number, headers)
        if not ok:  # part of the same transaction
            ack = SipMessage(ack.start, Headers([("Via", request.headers["Via"]), *list(ack.headers)[1:]]))
        self._callers.send(ack, self._server)


_SDP = ("Content-Type", "application/sdp")


def _sdp(port: int) -> str:
    lines = ["v=0", f"o=- 1 1 IN IP4 {LOOPBACK}", "s=-", f"c=IN IP4 {LOOPBACK}", "t=0 0"]
    lines += [f"m=audio {port} RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=ptime:20", ""]
    return "\r\n".join(lines)


def _media_port(message: SipMessage) -> int:
    line = next(line for line in message.body.splitlines() if line.startswith("m=audio "))
    return int(line.split()[1])


def _response(
    request: SipMessage, status: int, reason: str, extra: list[tuple[str, str]] | None = None, body: str = ""
) -> SipMessage:
    to = request.headers["To"]
    headers = [("Via", via) for via in request.headers.all("Via")]
    headers += [("Record-Route", route) for route in request.headers.all("Record-Route")]
    headers += [("From", request.headers["From"]), ("To", to if ";tag=" in to else f"{to};tag={secrets.token_hex(4)}")]
    headers += [("Call-ID", request.call_id), ("CSeq", request.headers["CSeq"]), *(extra or [])]
    return SipMessage(f"SIP/2.0 {status} {reason}", Headers(headers), body)
