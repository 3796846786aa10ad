"""Packets that no honest phone sends: what an exchange on the internet gets every day, and worse.

Thrown by a `WirePhone` (`phone.throws(packet)`). Each has a name, for the message of the test that it breaks. The
shapes follow RFC 4475 (torture tests) and what scanners do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from centrale.phones.sip import Headers, SipMessage

LARGEST = 65_000
"""Bytes that just fit into one UDP packet."""


def request(method: str, number: str, server: tuple[str, int], me: tuple[str, int], serial: int) -> SipMessage:
    """A plain request as a phone at `me` would send it, the mother of all the others. `serial` makes it unique."""
    user = f"sip:{number}@{server[0]}:{server[1]}"
    here = f"{me[0]}:{me[1]}"
    return SipMessage(
        f"{method} {user} SIP/2.0",
        Headers(
            [
                ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bKhostile{serial};rport"),
                ("Max-Forwards", "70"),
                ("From", f"<sip:{number}@{here}>;tag=h{serial}"),
                ("To", f"<{user}>"),
                ("Call-ID", f"hostile-{serial}"),
                ("CSeq", f"1 {method}"),
                ("Contact", f"<sip:{number}@{here}>"),
            ]
        ),
    )


def malformed(server: tuple[str, int], me: tuple[str, int]) -> Iterator[tuple[str, bytes]]:
    """Packets that are wrong in one way each, by name."""
    good = request("INVITE", "201", server, me, 1).encode().decode()
    yield "nothing", b""
    yield "empty lines", b"\r\n\r\n\r\n\r\n"
    yield "zeros", bytes(512)
    yield "no SIP at all", b"GET / HTTP/1.1\r\nHost: exchange\r\n\r\n"
    yield "only a request line", good.partition("\r\n")[0].encode()
    yield "cut off in a header", good[: len(good) // 2].encode()
    yield "no Via", _without(good, "Via")
    yield "no From", _without(good, "From")
    yield "no To", _without(good, "To")
    yield "no Call-ID", _without(good, "Call-ID")
    yield "no CSeq", _without(good, "CSeq")
    yield "CSeq of another method", good.replace("1 INVITE", "1 OPTIONS").encode()
    yield "CSeq beyond 32 bits", good.replace("1 INVITE", f"{2**40} INVITE").encode()
    yield "negative Content-Length", good.replace("Content-Length: 0", "Content-Length: -999").encode()
    yield "Content-Length beyond the packet", good.replace("Content-Length: 0", "Content-Length: 9999999").encode()
    yield "no forwards left", good.replace("Max-Forwards: 70", "Max-Forwards: 0").encode()
    yield "an unknown version", good.replace("SIP/2.0\r\n", "SIP/7.0\r\n", 1).encode()
    yield "an unknown method", good.replace("INVITE", "DESTROY").encode()
    yield "an unknown scheme", good.replace("INVITE sip:", "INVITE gopher:", 1).encode()
    yield "an unclosed quote in From", good.replace("From: <", 'From: "Jan <', 1).encode()
    yield "brackets without end in To", good.replace("To: <", "To: <<<<<<<<", 1).encode()
    yield "bytes that are no UTF-8", good.encode().replace(b"Contact:", b"Subject: \xff\xfe\xc3\x28\r\nContact:")
    yield "a NUL in a header", good.encode().replace(b"hostile-1", b"hostile\x00-1")
    yield "a command in the number", good.replace("sip:201@", "sip:$%7BSHELL(id)%7D@").encode()
    yield "a broken description", _with_body(good, "v=0\r\nm=audio 99999999 RTP/AVP 8\r\nc=IN IP4 \r\n")
    yield "a description of streams only", _with_body(good, "m=audio 1 RTP/AVP 8\r\n" * 500)
    yield "an answer to nothing", good.replace(good.partition("\r\n")[0], "SIP/2.0 200 OK", 1).encode()
    yield "an answer with an absurd code", good.replace(good.partition("\r\n")[0], "SIP/2.0 99999 OK", 1).encode()


def huge(server: tuple[str, int], me: tuple[str, int]) -> Iterator[tuple[str, bytes]]:
    """Packets as large as UDP carries, by name."""
    good = request("INVITE", "201", server, me, 2).encode().decode()
    yield "one long header", _padded(good, "Subject: ", "x")
    yield (
        "a thousand Via",
        good.replace("Via:", "Via: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bKx\r\nVia:" * 1000, 1).encode(),
    )
    yield "a thousand headers", _padded(good, "X: ", "1\r\nX: ")
    yield "a long number", good.replace("sip:201@", f"sip:{'9' * 60_000}@", 1).encode()
    yield "a long name", good.replace("From: <", f'From: "{"J" * 60_000}" <', 1).encode()
    yield "a large body", _with_body(good, "a=x\r\n" * 12_000)


def mutations(seed: int, count: int, server: tuple[str, int], me: tuple[str, int]) -> Iterator[bytes]:
    """`count` requests of several methods with random damage; the same ones for the same `seed`."""
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for serial in range(count):
        method = dice.choice(("INVITE", "REGISTER", "OPTIONS", "BYE", "CANCEL", "SUBSCRIBE", "REFER", "UPDATE"))
        packet = bytearray(request(method, "201", server, me, 1000 + serial).encode())
        for _ in range(dice.randint(1, 12)):
            where = dice.randrange(len(packet))
            match dice.randrange(4):
                case 0:
                    packet[where] = dice.randrange(256)
                case 1:
                    del packet[where : where + dice.randint(1, 20)]
                case 2:
                    packet[where:where] = packet[: dice.randint(1, 40)]
                case _:
                    packet[where:where] = bytes([dice.choice(b'\r\n\0<>";:,%\\')]) * dice.randint(1, 50)
            packet = packet or bytearray(b"\n")
        yield bytes(packet)


def _without(message: str, header: str) -> bytes:
    lines = message.split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith(f"{header}:")).encode()


def _with_body(message: str, body: str) -> bytes:
    head = message.removesuffix("\r\n").replace("Content-Length: 0", f"Content-Length: {len(body)}")
    return f"{head}Content-Type: application/sdp\r\n\r\n{body}".encode()


def _padded(message: str, header: str, filling: str) -> bytes:
    room = LARGEST - len(message) - len(header)
    return message.replace("Contact:", f"{header}{filling * (room // len(filling))}1\r\nContact:", 1).encode()
