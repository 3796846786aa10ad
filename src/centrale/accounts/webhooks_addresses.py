"""Where a webhook may lead. Its address is a customer's choice and the connection is ours, so that without rules it
would reach whatever our machine reaches: its own services, its neighbours, a cloud's metadata (SSRF).

An address that is written down is looked at when it is set. What a name resolves to can change between any look and the
connection, so the address that is connected to is looked at when connecting (`webhooks.post`), with the same rule.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST = 2000

_PLACE = re.compile(r"[\x21-\x7e]+")
"""Printable ASCII without spaces: what else an address needs is written with %."""

_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
"""What a name cannot end in. Operating systems read `0x7f.1` as an address."""

_NOT_FOR_US_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, at an address that looks like anybody's
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_WORLD_6 = IPv6Network("2000::/3")
_NOT_FOR_US_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo and other wrappings, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4: another address inside
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Is it an address of the world outside, that anybody could reach from anywhere?"""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_FOR_US_4)
    return found in _WORLD_6 and not any(found in network for network in _NOT_FOR_US_6)


def well_formed(url: str) -> str:
    """`url`, if it could be a webhook's at all. Raises ValueError."""
    if len(url) > LONGEST or not _PLACE.fullmatch(url):
        raise ValueError("is no address such as https://example.org/calls")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is no address such as https://example.org/calls") from None
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError("has to begin with https:// and a name")
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) and not _is_address(host):
        raise ValueError("is no address such as https://example.org/calls")
    if parts.username is not None or parts.password is not None:
        raise ValueError("may not have a name or password in it: deliveries are signed instead")
    if "#" in url:
        raise ValueError("may not have a # in it")
    if port is not None and port not in (80, 443) and port < 1024:
        raise ValueError("needs port 443, or one from 1024 on")
    return url


def leads_outside(url: str) -> str:
    """`url`, well-formed, if it is https and does not say by itself that it leads into a private network. Raises
    ValueError. What its name resolves to is looked at when it is connected to."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise ValueError("has to begin with https:// and a name")
    if (_is_address(host) and not is_public(host)) or _is_local(host):
        raise ValueError("leads into a private network")
    return url


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
