"""A bare SIP endpoint on UDP: sends any header and any nonsense, and shows everything that comes in.

For what a baresip phone cannot do: a carrier that asserts, withholds or forges identities, that refuses with any
code, that asks for a password or is registered at; and senders of hostile packets. It speaks G.711 and RFC 4733.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import quote

from centrale.phones import digest, sdp
from centrale.phones.digest import Credentials
from centrale.phones.happenings import Happenings
from centrale.phones.keys import Keys
from centrale.phones.phone import PATIENCE, PhoneDied, PhoneError, RegistrationRefused
from centrale.phones.sip import Headers, SipMessage
from centrale.phones.tools import LOOPBACK
from centrale.phones.transactions import Address, Ear, Transactions, new_branch, response_to
from centrale.phones.wire_call import Header, WireCall

GOODBYE_S = 1
"""Time for the other sides to answer a BYE when the phone is switched off."""


class WirePhone:
    """A `Phone` made of plain SIP messages.

    `server`: where its calls go. `host` and `port`: where it listens; another address of the loopback network
    (127.0.0.2 …) makes it a peer of its own for an exchange that knows peers by their address. `asks_for`: the
    credentials that it demands of whoever registers or calls here. `codecs`: RTP payload types. `keys`: how it sends
    them. `says_ringing`: whoever calls it hears at once that it rings (180). `tone` 0: it says nothing and can press
    no keys, so that a small machine can have many such calls.
    """

    def __init__(
        self,
        name: str,
        server: Address,
        *,
        username: str = "",
        credentials: Credentials | None = None,
        display_name: str = "",
        tone: int = 440,
        host: str = LOOPBACK,
        port: int = 0,
        codecs: Sequence[int] = sdp.SPOKEN,
        keys: Keys = Keys.EVENTS,
        asks_for: Credentials | None = None,
        user_agent: str = "Wire phone",
        says_ringing: bool = True,
    ) -> None:
        self.name = name
        self.tone = tone
        self.server = server
        self.username = username or (credentials.username if credentials else quote(name, safe=""))
        self.credentials = credentials
        self.display_name = display_name
        self.host = host
        self.port = port
        self.codecs = codecs
        self.keys = keys
        self.user_agent = user_agent
        self.says_ringing = says_ringing
        self.received: list[SipMessage] = []
        """Everything that ever came in, in order."""
        self.registrations: list[SipMessage] = []
        """REGISTER requests that were accepted here."""
        self.happenings = Happenings()
        self.transactions = Transactions(self.send)
        self._asks_for = asks_for
        self._calls: dict[str, WireCall] = {}
        self._unnoticed: list[WireCall] = []
        self._socket: asyncio.DatagramTransport | None = None
        self._ear = Ear(self.on_packet)
        self._tasks: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Take the port."""
        loop = asyncio.get_running_loop()
        self._ear.closed.clear()
        self._socket, _ = await loop.create_datagram_endpoint(lambda: self._ear, local_addr=(self.host, self.port))
        self.port = self._socket.get_extra_info("sockname")[1]

    async def stop(self) -> None:
        """Hang up everything and leave."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await asyncio.gather(*(call.hang_up() for call in self._calls.values()), return_exceptions=True)
        self.kill()
        await asyncio.gather(self._ear.closed.wait(), *(call.closed() for call in self._calls.values()))

    def kill(self) -> None:
        """Vanish: nothing is said to anybody, nothing is answered any more."""
        for task in self._tasks:
            task.cancel()
        for call in self._calls.values():
            call.vanished()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self.happenings.stop(PhoneDied(f"{self.name} was switched off"))

    async def register(self, *, expires: int = 600) -> None:
        call_id = secrets.token_hex(8)
        response = await self.transactions.ask(self._register_request(call_id, 1, expires), self.server)
        if response.status in (401, 407) and self.credentials is not None:
            header = digest.answer(response, self.credentials, "REGISTER", self._server_uri)
            response = await self.transactions.ask(self._register_request(call_id, 2, expires, header), self.server)
        if response.status != 200:
            raise RegistrationRefused(self.name, response.status, response.reason)

    async def unregister(self) -> None:
        await self.register(expires=0)

    async def dials(self, number: str, *extra: Header) -> WireCall:
        """Start a call as this phone's user; `extra` headers are added as they are (a forged identity, say)."""
        caller = f"<sip:{self.username}@{self.server[0]}>"
        return await self._place(number, f'"{self.display_name}" {caller}' if self.display_name else caller, extra)

    async def calls(
        self,
        number: str,
        *,
        caller: str = "",
        name: str = "",
        withheld: bool = False,
        diverted_from: str | None = None,
        extra: Sequence[Header] = (),
    ) -> WireCall:
        """Place a call as a carrier does: the identity asserted (RFC 3325), withheld or not (RFC 3323)."""
        shown = f"<sip:{caller or 'anonymous'}@{self.host}>"
        identity = f'"{name}" {shown}' if name else shown
        headers: list[Header] = [("P-Asserted-Identity", identity)] if caller else []
        if withheld:
            headers.append(("Privacy", "id"))
            identity = '"Anonymous" <sip:anonymous@anonymous.invalid>'
        if diverted_from is not None:
            headers.append(("Diversion", f"<sip:{diverted_from}@{self.host}>;reason=unconditional"))
        return await self._place(number, identity, [*headers, *extra])

    async def rings(self, timeout: float = PATIENCE) -> WireCall:
        return await self.happenings.until(
            lambda: self._unnoticed.pop(0) if self._unnoticed else None, timeout, lambda: f"{self.name} did not ring"
        )

    async def is_registered_at(self, timeout: float = 10) -> SipMessage:
        """Wait until the exchange has registered here (as a carrier's customer) and return its REGISTER."""
        return await self.happenings.until(
            lambda: self.registrations[-1] if self.registrations else None,
            timeout,
            lambda: f"nobody registered at {self.name}",
        )

    # Raw packets ------------------------------------------------------------------------------------------------

    def throws(self, packet: bytes) -> None:
        """Send these bytes to the server as they are."""
        if self._socket is None:
            raise PhoneDied(f"{self.name} is switched off: start it first (async with phone: …)")
        self._socket.sendto(packet, self.server)

    def send(self, message: SipMessage, to: Address) -> None:
        """Send a message; a phone that is switched off sends nothing."""
        if self._socket is not None:
            self._socket.sendto(message.encode(), to)

    def in_background(self, work: Coroutine[object, object, object]) -> None:
        """Do something that nobody waits for; if it fails, everybody who waits for this phone hears of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.happenings.stop(PhoneError(f"{self.name} could not follow what came in: {error!r}"))

    def via(self, branch: str) -> str:
        return f"SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport"

    @property
    def contact(self) -> str:
        return f"<sip:{self.username}@{self.host}:{self.port}>"

    # How it is done ---------------------------------------------------------------------------------------------

    @property
    def offered_events(self) -> int | None:
        """The payload type of keys as events, when that is how it sends them."""
        return sdp.EVENTS if self.keys is Keys.EVENTS else None

    @property
    def _server_uri(self) -> str:
        return f"sip:{self.server[0]}:{self.server[1]}"

    async def _place(self, number: str, identity: str, extra: Sequence[Header]) -> WireCall:
        user = number.replace("#", "%23")
        uri = f"sip:{user}@{self.server[0]}:{self.server[1]}"
        headers = self._headers(
            "INVITE", secrets.token_hex(8), 1, identity, f"<sip:{user}@{self.server[0]}>", extra, body=True
        )
        call = WireCall(self, SipMessage(f"INVITE {uri} SIP/2.0", headers), self.server, outgoing=True)
        audio = await call.open_audio()
        self._calls[call.dialog.call_id] = call
        call.start(sdp.describe(self.host, audio.port, self.codecs, events=self.offered_events))
        return call

    def _register_request(self, call_id: str, sequence: int, expires: int, *extra: Header) -> SipMessage:
        me = f"<sip:{self.username}@{self.server[0]}>"
        headers = self._headers("REGISTER", call_id, sequence, me, me, [("Expires", str(expires)), *extra])
        return SipMessage(f"REGISTER {self._server_uri} SIP/2.0", headers)

    def _headers(
        self, method: str, call_id: str, sequence: int, from_: str, to: str, extra: Sequence[Header], body: bool = False
    ) -> Headers:
        return Headers(
            [
                ("Via", self.via(new_branch())),
                ("Max-Forwards", "70"),
                ("From", f"{from_};tag={secrets.token_hex(4)}"),
                ("To", to),
                ("Call-ID", call_id),
                ("CSeq", f"{sequence} {method}"),
                ("Contact", self.contact),
                ("User-Agent", self.user_agent),
                *extra,
                *([("Content-Type", "application/sdp")] if body else []),
            ]
        )

    def on_packet(self, packet: bytes, source: Address) -> None:
        """A datagram came in."""
        text = packet.decode(errors="replace")
        if not text.strip():
            return  # A keep-alive.
        message = SipMessage.parse(text)
        self.received.append(message)
        if message.is_complete:
            self._take(message, source)
        self.happenings.happened()

    def _take(self, message: SipMessage, source: Address) -> None:
        call = self._calls.get(message.call_id)
        if message.status:
            if message.method == "INVITE" and call is not None and call.is_about(message):
                call.response(message)
            else:
                self.transactions.answered(message)
        elif message.method == "ACK":
            if call is not None:
                self.in_background(call.request(message, source))
        elif not self.transactions.seen_before(message, source):
            self._request(message, call, source)

    def _request(self, request: SipMessage, call: WireCall | None, source: Address) -> None:
        demand = self._asks_for if call is None and request.method in ("INVITE", "REGISTER") else None
        if demand is not None and not digest.is_right(request, demand):
            self._give(request, "401 Unauthorized", source, ("WWW-Authenticate", digest.challenge(self.name)))
        elif call is not None:
            self.in_background(call.request(request, source))
        elif request.method == "INVITE":
            call = WireCall(self, request, source, outgoing=False)
            self._calls[request.call_id] = call
            self._unnoticed.append(call)
            call.came_in()
        elif request.method == "REGISTER":
            self.registrations.append(request)
            contact, expires = request.headers.get("Contact"), request.headers.get("Expires", "600")
            self._give(request, "200 OK", source, ("Contact", f"{contact};expires={expires}"), ("Expires", expires))
        elif request.method in ("BYE", "CANCEL"):
            self._give(request, "481 Call/Transaction Does Not Exist", source)
        else:
            self._give(request, "200 OK", source)

    def _give(self, request: SipMessage, status: str, source: Address, *more: Header) -> None:
        self.transactions.give(request, response_to(request, status, tag=secrets.token_hex(4), more=more), source)
