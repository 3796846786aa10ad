"""Digest authentication in SIP (RFC 3261 §22, RFC 2617): the phone's side and, for a carrier, the server's."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from centrale.phones.sip import SipMessage


@dataclass(frozen=True)
class Credentials:
    """A name and its password."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.username!r}, …)"


def _fields(header: str) -> dict[str, str]:
    return {
        name.lower(): quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', header)
    }


def _md5(*parts: str) -> str:
    # MD5 is what SIP phones and carriers speak; the answer protects a test password on the loopback.
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


def _response(credentials: Credentials, fields: dict[str, str], method: str, uri: str) -> str:
    secret = _md5(credentials.username, fields.get("realm", ""), credentials.password)
    request = _md5(method, uri)
    if fields.get("qop"):
        return _md5(secret, fields["nonce"], fields["nc"], fields["cnonce"], "auth", request)
    return _md5(secret, fields["nonce"], request)


def answer(challenge: SipMessage, credentials: Credentials, method: str, uri: str) -> tuple[str, str]:
    """The header that answers a 401 or 407, as name and value."""
    proxy = challenge.status == 407
    offers = challenge.headers.all("Proxy-Authenticate" if proxy else "WWW-Authenticate")
    fields = next((each for each in map(_fields, offers) if each.get("algorithm", "MD5").upper() == "MD5"), {})
    if "nonce" not in fields:
        raise ValueError("the exchange asks for a password in a way other than MD5 digest")
    fields |= {"nc": "00000001", "cnonce": secrets.token_hex(8), "username": credentials.username, "uri": uri}
    fields["response"] = _response(credentials, fields, method, uri)
    names = ["username", "realm", "nonce", "uri", "response", "cnonce", "opaque"]
    value = ", ".join(f'{name}="{fields[name]}"' for name in names if name in fields)
    if fields.get("qop"):
        value += f", qop=auth, nc={fields['nc']}"
    return "Proxy-Authorization" if proxy else "Authorization", f"Digest {value}, algorithm=MD5"


def challenge(realm: str) -> str:
    """The value of a WWW-Authenticate header with a fresh nonce."""
    return f'Digest realm="{realm}", nonce="{secrets.token_hex(16)}", algorithm=MD5, qop="auth"'


def is_right(request: SipMessage, credentials: Credentials) -> bool:
    """Does the request carry the answer that these credentials give?"""
    header = request.headers.get("Authorization") or request.headers.get("Proxy-Authorization")
    fields = _fields(header)
    if not {"nonce", "uri", "response"} <= fields.keys() or fields.get("username") != credentials.username:
        return False
    if fields.get("qop") and not {"nc", "cnonce"} <= fields.keys():
        return False
    return secrets.compare_digest(fields["response"], _response(credentials, fields, request.method, fields["uri"]))
