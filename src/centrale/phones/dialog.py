"""One call as its SIP messages tell it: who is on the other side, is it answered, how did it end.

A phone shows every message that it sent or received to the `Dialog` of that Call-ID. States only go forward:
new → ringing → answered → ended; repeated messages change nothing.
"""

from __future__ import annotations

import re

from centrale.phones.phone import CallEnd
from centrale.phones.sip import Headers, NameAddress, Reasons, SipMessage

ANSWERED_AND_HUNG_UP = 200
GIVEN_UP = 487
UNREACHABLE = 503


class Dialog:
    """What is known of one call. `outgoing`: this phone sent the first INVITE."""

    def __init__(self, invite: SipMessage, *, outgoing: bool) -> None:
        self.call_id = invite.call_id
        self.outgoing = outgoing
        self.invite = invite
        self.theirs = Headers() if outgoing else invite.headers
        self.ringing = False
        self.answered = False
        """A 2xx was sent or received."""
        self.confirmed = False
        """The ACK of that 2xx was sent or received: both sides know."""
        self.end: CallEnd | None = None
        self._display = NameAddress.parse(invite.headers.get("To" if outgoing else "From"))
        self._show(invite.headers, from_them=not outgoing)

    @property
    def number(self) -> str:
        """The other party's number, as a display shows it."""
        return self._display.user

    @property
    def name(self) -> str:
        """The other party's name, as a display shows it."""
        return self._display.name

    def sent(self, message: SipMessage) -> None:
        """This phone sent a message of this call."""
        self._follow(message, from_them=False)

    def received(self, message: SipMessage) -> None:
        """The other side's message came in."""
        self._follow(message, from_them=True)

    def closed(self, why: str, *, by_us: bool = False) -> None:
        """The phone dropped the call, with or without SIP messages (connection refused, time-out, hung up)."""
        if match := re.match(r"(\d{3}) (.*)", why):
            self._ends(int(match[1]), match[2])
        elif self.answered:
            self._ends(ANSWERED_AND_HUNG_UP, why)
        else:
            self._ends(GIVEN_UP if by_us else UNREACHABLE, why)

    def _follow(self, message: SipMessage, *, from_them: bool) -> None:
        self._show(message.headers, from_them=from_them)
        if message.status:
            if message.method == "INVITE" and from_them == self.outgoing:
                self._invite_answered(message, from_them=from_them)
            return
        match message.method:
            case "ACK" if self.answered:
                self.confirmed = True
            case "INVITE" if from_them and not self.outgoing:
                self.theirs = message.headers
            case "CANCEL":
                # A cancelled call is over for its phone; the 487 that follows adds nothing. What we cancel
                # ourselves is over when the other side says so, for it may have been answered meanwhile.
                if from_them and not self.answered:
                    self._ends(GIVEN_UP, "Cancelled", message.headers)
            case "BYE":
                self._ends(ANSWERED_AND_HUNG_UP, "Hung up", message.headers)

    def _invite_answered(self, response: SipMessage, *, from_them: bool) -> None:
        if from_them:
            self.theirs = response.headers
        if response.status in (180, 181, 182, 183):
            self.ringing = self.ringing or response.status != 183
        elif 200 <= response.status < 300:
            self.answered = True
        elif response.status >= 300 and not self.answered and response.status not in (401, 407):
            # 401 and 407 ask for the password; the phone tries again within the same call.
            self._ends(response.status, response.reason, response.headers)

    def _ends(self, code: int, text: str, headers: Headers | None = None) -> None:
        if self.end is None:
            reasons = Reasons.of(headers or Headers())
            self.end = CallEnd(code, text, reasons.answered_elsewhere, reasons.q850, headers or Headers())

    def _show(self, headers: Headers, *, from_them: bool) -> None:
        """Update the display: the asserted identity where the other side shows it, else the caller's From."""
        if not from_them:
            return
        hidden = "id" in re.split(r"[;,\s]+", headers.get("Privacy").lower())
        if "P-Asserted-Identity" in headers and not hidden:
            self._display = NameAddress.parse(headers["P-Asserted-Identity"])
