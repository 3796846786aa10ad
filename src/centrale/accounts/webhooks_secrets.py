"""Secrets of webhooks and the signatures made with them, as Standard Webhooks describes (standardwebhooks.com)."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256

PREFIX = "whsec_"
LENGTH = 32
"""Bytes; the specification asks for 24 to 64."""

BOTH_FOR = timedelta(hours=24)
"""So long deliveries are signed with the secret of before, too."""


def new_secret() -> str:
    """A secret that nobody has."""
    return PREFIX + b64encode(secrets.token_bytes(LENGTH)).decode()


def signed(id: str, moment: datetime, body: str, keys: list[str]) -> dict[str, str]:
    """The headers that tell who sent `body` and when; `keys`: every secret that counts now."""
    timestamp = str(int(moment.timestamp()))
    text = f"{id}.{timestamp}.{body}".encode()
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(text, key) for key in keys),
    }


def _signature(text: bytes, key: str) -> str:
    digest = hmac.new(b64decode(key.removeprefix(PREFIX)), text, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"
