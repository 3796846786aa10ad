"""A call at a bare SIP endpoint: every header is ours to choose and to see."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from centrale.phones import digest, sdp
from centrale.phones.conversation import Conversation
from centrale.phones.dialog import Dialog
from centrale.phones.keys import INFO_TYPE, Keys, info_body, key_in
from centrale.phones.phone import PATIENCE, CallEnded
from centrale.phones.rtp import RtpStream
from centrale.phones.sip import STATUS_TEXT, Headers, NameAddress, SipMessage
from centrale.phones.transactions import Address, Repeating, cancel_of, key_of, new_branch, response_to

if TYPE_CHECKING:
    from centrale.phones.wire import WirePhone

Header = tuple[str, str]


class WireCall(Conversation):
    """A `PhoneCall` that a `WirePhone` keeps alive: dialog, audio, and the answers that are due."""

    def __init__(self, phone: WirePhone, invite: SipMessage, peer: Address, *, outgoing: bool) -> None:
        super().__init__(phone.name, Dialog(invite, outgoing=outgoing), phone.happenings)
        self.audio: RtpStream | None = None
        self._owner = phone
        self._peer = peer
        self._invite = invite
        """The latest INVITE that started this call: theirs, or ours with or without password."""
        self._tag = NameAddress.parse(invite.headers.get("From")).tag if outgoing else secrets.token_hex(4)
        self._their_tag = "" if outgoing else NameAddress.parse(invite.headers.get("From")).tag
        self._target = self._contact(invite) if not outgoing else invite.start.split(" ")[1]
        self._routes: list[str] = []
        self._sequence = int(invite.headers.get("CSeq", "1").split()[0])
        self._repeating: Repeating | None = None
        self._giving_up = False
        self._cancelled = False
        self._gave_password = False

    # What its user does -----------------------------------------------------------------------------------------

    async def answer(self) -> None:
        if self.dialog.end is not None:
            raise CallEnded(self.phone, self.dialog.end, "answering")
        description = await self._accept(self._invite)
        if description is None:
            await self.decline(488)
            raise CallEnded(self.phone, await self.ended(), "answering")
        self._reply_repeatedly(self._invite, "200 OK", description)
        await self._unless_ended(lambda: self.dialog.confirmed, PATIENCE, "being connected")

    async def early(self) -> None:
        """Send sound before answering (183 with a description): a carrier's own announcement."""
        description = await self._accept(self._invite)
        self._reply(self._invite, "183 Session Progress", body=description or "")

    async def decline(self, code: int = 486) -> None:
        self._reply(self._invite, f"{code} {STATUS_TEXT.get(code, 'Refused')}")

    async def hang_up(self, *extra: Header) -> None:
        """End the call; `extra` headers (Reason, say) go into the BYE or CANCEL."""
        if self.is_over:
            return
        if self.dialog.answered:
            bye = self._in_dialog("BYE", extra)
            self.dialog.sent(bye)
            self._close()
            await self._owner.transactions.ask(bye, self._peer)
        elif self.dialog.outgoing:
            self._giving_up = True
            if not self._repeating:  # Something was heard of it: a CANCEL is allowed (RFC 3261 §9.1).
                self._cancel(extra)
            await self.ended(timeout=10)
        else:
            await self.decline()

    async def press(self, digits: str) -> None:
        await self._unless_ended(lambda: self.audio is not None and self.dialog.answered, PATIENCE, "being connected")
        assert self.audio is not None
        if self._owner.keys is Keys.INFO:
            for key in digits:
                info = self._in_dialog("INFO", [INFO_TYPE], body=info_body(key))
                await self._owner.transactions.ask(info, self._peer)
            return
        self.audio.inband = self._owner.keys is Keys.INBAND
        await self.audio.press(digits)

    async def offers_again(self, codecs: Sequence[int] = sdp.SPOKEN, *, direction: str = "sendrecv") -> int:
        """Send a re-INVITE ("sendonly" puts the other side on hold) and return the code of its answer."""
        assert self.audio is not None
        body = self._described(self.audio.port, codecs, version=self._sequence + 1)
        invite = self._in_dialog("INVITE", body=body.replace("a=sendrecv", f"a={direction}"))
        response = await self._owner.transactions.ask(invite, self._peer)
        self._acknowledge(response)
        return response.status

    # What comes in ----------------------------------------------------------------------------------------------

    def came_in(self) -> None:
        """An INVITE came in."""
        self._routes = self._invite.headers.all("Record-Route")
        if self._owner.says_ringing:
            self.ring()
        else:
            self._reply(self._invite, "100 Trying")

    def ring(self) -> None:
        """Say that it rings here."""
        self._reply(self._invite, "180 Ringing")

    def start(self, description: str) -> None:
        """Send our INVITE with this session description."""
        self._invite = SipMessage(self._invite.start, self._invite.headers, description)
        self._send_invite()

    def is_about(self, response: SipMessage) -> bool:
        """Does this answer our INVITE that started the call (and not one within it)?"""
        return key_of(response) == key_of(self._invite)

    def _send_invite(self) -> None:
        self._repeating = Repeating(lambda: self._owner.send(self._invite, self._peer))

    async def request(self, request: SipMessage, source: Address) -> None:
        """A request of this call came in."""
        self.dialog.received(request)
        match request.method:
            case "ACK":
                self._heard_of_it()
                if request.body:
                    self._talk(request.body)
            case "CANCEL":
                self._reply(request, "200 OK")
                if not self.dialog.answered:
                    self._reply(self._invite, "487 Request Terminated")
                    self._close()
            case "BYE":
                self._reply(request, "200 OK")
                self._close()
            case "INVITE" | "UPDATE" if request.body or request.method == "INVITE":
                description = await self._accept(request)
                if description is None:
                    self._reply(request, "488 Not Acceptable Here")
                elif request.method == "INVITE":
                    self._reply_repeatedly(request, "200 OK", description)
                else:
                    self._reply(request, "200 OK", body=description)
            case "INFO":
                self.digits += key_in(request.body)
                self._reply(request, "200 OK")
            case _:
                self._reply(request, "200 OK")

    def response(self, response: SipMessage) -> None:
        """An answer to our INVITE came in."""
        self._heard_of_it()
        again = response.status in (401, 407) and self._owner.credentials is not None and not self._gave_password
        if response.status >= 300:
            self._acknowledge(response, of_refusal=True)
        if again:
            self._invite_with_password(response)
            return
        if response.status in (401, 407):
            self.dialog.closed(f"{response.status} {response.reason}")
        self.dialog.received(response)
        self._their_tag = NameAddress.parse(response.headers.get("To")).tag or self._their_tag
        if 200 <= response.status < 300:
            self._target = self._contact(response)
            self._routes = response.headers.all("Record-Route")[::-1]
            ack = self._acknowledge(response)
            self.dialog.sent(ack)
        if response.status < 300 and response.body:
            self._talk(response.body)
        if self.is_over:
            self._close()
        elif self._giving_up and self.dialog.answered:
            self._owner.in_background(self.hang_up())  # The answer crossed our CANCEL.
        elif self._giving_up and not self._cancelled:
            self._cancel(())

    def vanished(self) -> None:
        """The phone is gone: no audio, no answers."""
        self._heard_of_it()
        self._close()

    async def closed(self) -> None:
        """Wait until the audio port is given back."""
        if self.audio is not None:
            await self.audio.closed.wait()

    # How it is done ---------------------------------------------------------------------------------------------

    async def _accept(self, offer: SipMessage) -> str | None:
        """Our answer to their description, with the audio running; None when no codec is common.

        An INVITE without a description gets ours as the offer; theirs comes with the ACK (RFC 3261 §13.2.1).
        """
        if not offer.body:
            return self._described((await self.open_audio()).port, self._owner.codecs)
        audio = sdp.Audio.parse(offer.body)
        codec = audio.common(self._owner.codecs) if audio else None
        if audio is None or codec is None:
            return None
        stream = await self.open_audio()
        stream.talk_to(audio.address, codec, audio.events)
        return self._described(stream.port, [codec], audio.events)

    def _described(self, port: int, codecs: Sequence[int], events: int = sdp.EVENTS, version: int = 1) -> str:
        kept = None if self._owner.offered_events is None else events
        return sdp.describe(self._owner.host, port, codecs, events=kept, version=version)

    async def open_audio(self) -> RtpStream:
        """The audio stream of this call, made when it is first needed."""
        if self.audio is None:
            self.audio = await RtpStream.open(self._owner.host, self._owner.tone, self.hear, self._key)
        return self.audio

    def _talk(self, description: str) -> None:
        audio = sdp.Audio.parse(description)
        codec = audio.common(self._owner.codecs) if audio else None
        if audio and codec is not None and self.audio is not None:
            self.audio.talk_to(audio.address, codec, audio.events)

    def _key(self, key: str) -> None:
        self.digits += key
        self._happenings.happened()

    def _reply(self, request: SipMessage, status: str, *, body: str = "") -> None:
        contact = (("Contact", self._owner.contact),)
        response = response_to(request, status, tag=self._tag, more=contact, body=body)
        self._owner.transactions.give(request, response, self._peer)
        self.dialog.sent(response)
        if self.is_over:
            self._close()
        self._happenings.happened()

    def _reply_repeatedly(self, request: SipMessage, status: str, body: str) -> None:
        """A 2xx to an INVITE is repeated until its ACK comes (RFC 3261 §13.3.1.4)."""
        self._heard_of_it()
        self._repeating = Repeating(lambda: self._reply(request, status, body=body))

    def _heard_of_it(self) -> None:
        if self._repeating is not None:
            self._repeating.stop()
            self._repeating = None

    def _close(self) -> None:
        self._heard_of_it()
        if self.audio is not None:
            self.audio.close()

    def _invite_with_password(self, challenge: SipMessage) -> None:
        assert self._owner.credentials is not None
        self._gave_password = True
        self._sequence += 1
        header = digest.answer(challenge, self._owner.credentials, "INVITE", self._target)
        kept = [(name, value) for name, value in self._invite.headers if name not in ("Via", "CSeq")]
        fresh = [("Via", self._owner.via(new_branch())), ("CSeq", f"{self._sequence} INVITE"), header]
        self._invite = SipMessage(self._invite.start, Headers([*fresh, *kept]), self._invite.body)
        self._send_invite()

    def _cancel(self, extra: Sequence[Header]) -> None:
        self._cancelled = True
        cancel = cancel_of(self._invite, self._target, extra)
        self._owner.in_background(self._owner.transactions.ask(cancel, self._peer))

    def _acknowledge(self, response: SipMessage, *, of_refusal: bool = False) -> SipMessage:
        """ACK: of a refusal within the INVITE's transaction (§17.1.1.3), of a 2xx by itself (§13.2.2.4)."""
        sequence = response.headers.get("CSeq").split()[0]
        via = self._invite.headers["Via"] if of_refusal else self._owner.via(new_branch())
        ours = [("Via", via), ("CSeq", f"{sequence} ACK"), ("Max-Forwards", "70")]
        theirs = [(name, response.headers.get(name)) for name in ("From", "To", "Call-ID")]
        routes = [("Route", route) for route in self._routes]
        ack = SipMessage(f"ACK {self._target} SIP/2.0", Headers([*ours, *theirs, *routes]))
        self._owner.send(ack, self._peer)
        return ack

    def _in_dialog(self, method: str, extra: Sequence[Header] = (), *, body: str = "") -> SipMessage:
        self._sequence += 1
        from_, to = self._invite.headers["From"], self._invite.headers["To"]
        ours, theirs = (from_, to) if self.dialog.outgoing else (f"{to};tag={self._tag}", from_)
        if self.dialog.outgoing:
            theirs = f"{theirs};tag={self._their_tag}"
        headers = [
            ("Via", self._owner.via(new_branch())),
            ("Max-Forwards", "70"),
            ("From", ours),
            ("To", theirs),
            ("Call-ID", self.dialog.call_id),
            ("CSeq", f"{self._sequence} {method}"),
            ("Contact", self._owner.contact),
            *(("Route", route) for route in self._routes),
            *extra,
        ]
        if body and INFO_TYPE not in extra:
            headers.append(("Content-Type", "application/sdp"))
        return SipMessage(f"{method} {self._target} SIP/2.0", Headers(headers), body)

    @staticmethod
    def _contact(message: SipMessage) -> str:
        return NameAddress.parse(message.headers.get("Contact")).uri
