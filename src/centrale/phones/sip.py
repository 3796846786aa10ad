"""SIP messages as text: enough of RFC 3261 to read and to write what phones exchange.

Deliberately lenient in reading: tests look at what really came, right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_COMPACT = {
    "i": "call-id",
    "m": "contact",
    "e": "content-encoding",
    "l": "content-length",
    "c": "content-type",
    "f": "from",
    "s": "subject",
    "k": "supported",
    "t": "to",
    "v": "via",
}

STATUS_TEXT = {
    403: "Forbidden",
    404: "Not Found",
    408: "Request Timeout",
    480: "Temporarily Unavailable",
    484: "Address Incomplete",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}
"""Words behind the codes with which a phone refuses (RFC 3261 §21)."""


class Headers:
    """Headers in their order, looked up without regard to case or compact form (RFC 3261 §7.3)."""

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items = list(items)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        if not values:
            raise KeyError(name)
        return values[0]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header, or `default`."""
        values = self.all(name)
        return values[0] if values else default

    def all(self, name: str) -> list[str]:
        """Every value of a header, in the order in which they stand."""
        wanted = _canonical(name)
        return [value for header, value in self._items if _canonical(header) == wanted]

    def __repr__(self) -> str:
        return f"Headers({self._items!r})"


def _canonical(name: str) -> str:
    lowered = name.strip().lower()
    return _COMPACT.get(lowered, lowered)


@dataclass(frozen=True)
class SipMessage:
    """One request or response."""

    start: str
    headers: Headers = field(default_factory=Headers)
    body: str = ""

    @classmethod
    def parse(cls, text: str) -> SipMessage:
        """Read a message; folded header lines are joined (RFC 3261 §7.3.1)."""
        head, _, body = text.lstrip("\r\n").partition("\r\n\r\n")
        start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return cls(start, Headers((name.strip(), value.strip()) for name, colon, value in pairs if colon), body)

    def encode(self) -> bytes:
        """The bytes on the wire; Content-Length is added."""
        body = self.body.encode()
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers), f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    @property
    def status(self) -> int:
        """Status code of a response; 0 for a request."""
        words = self.start.split(" ", 2)
        is_response = words[0].startswith("SIP/2.0") and len(words) > 1
        return int(words[1]) if is_response and re.fullmatch("[0-9]{3}", words[1]) else 0

    @property
    def is_complete(self) -> bool:
        """Has it what an answer needs (RFC 3261 §8.1.1)?"""
        return all(name in self.headers for name in ("Via", "From", "To", "Call-ID", "CSeq"))

    @property
    def reason(self) -> str:
        """The words behind the status code."""
        return self.start.split(" ", 2)[-1] if self.status else ""

    @property
    def method(self) -> str:
        """Method of a request, or of the request that a response answers."""
        if self.status:
            return self.headers.get("CSeq").partition(" ")[2].strip().upper()
        return self.start.partition(" ")[0].upper()

    @property
    def call_id(self) -> str:
        return self.headers.get("Call-ID")


@dataclass(frozen=True)
class NameAddress:
    """A name and an address as they stand in From, To, Contact, P-Asserted-Identity and Diversion."""

    name: str
    uri: str
    parameters: str = ""

    @classmethod
    def parse(cls, value: str) -> NameAddress:
        """Read `"Name" <uri>;parameters` or `uri;parameters` (RFC 3261 §20.10)."""
        if match := re.match(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>(.*)', value, re.DOTALL):
            quoted, plain, uri, parameters = match.groups()
            return cls(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain, uri, parameters)
        uri, _, parameters = value.strip().partition(";")
        return cls("", uri, parameters)

    @property
    def user(self) -> str:
        """The part before the @ of a sip URI, or the number of a tel URI."""
        rest = self.uri.partition(":")[2]
        user = rest.partition("@")[0] if "@" in rest else rest if self.uri.startswith("tel:") else ""
        return user.partition(";")[0]

    @property
    def tag(self) -> str:
        match = re.search(r";\s*tag=([^;\s]+)", self.parameters)
        return match[1] if match else ""


@dataclass(frozen=True)
class Reasons:
    """What the Reason headers of a message say (RFC 3326): the SIP code and the Q.850 cause, each if present."""

    sip: int | None = None
    q850: int | None = None

    @classmethod
    def of(cls, headers: Headers) -> Reasons:
        causes: dict[str, int] = {}
        for value in headers.all("Reason"):
            for match in re.finditer(r"(SIP|Q\.850)\s*;[^,]*?cause=(\d+)", value, re.IGNORECASE):
                causes.setdefault(match[1].upper(), int(match[2]))
        return cls(causes.get("SIP"), causes.get("Q.850"))

    @property
    def answered_elsewhere(self) -> bool:
        """Another phone took the call: SIP 200, or Q.850 26 (non-selected user clearing)."""
        return self.sip == 200 or self.q850 == 26
