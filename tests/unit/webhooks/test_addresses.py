"""A webhook reaches the internet and nothing else (SSRF)."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receiver import Receiver
from webhook_office import Office

from centrale.accounts.webhooks_addresses import is_public, leads_outside, well_formed
from centrale.accounts.webhooks_taking import Failure

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",  # Alibaba's metadata
    "168.63.129.16",  # Azure's
    "169.254.169.254",  # nearly everybody's
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # Oracle's
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",  # Amazon's
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_of_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "9.9.9.9", "172.32.0.1", "2606:4700::1111", "::ffff:9.9.9.9"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_does_not_call_global_is_never_reached(address: object) -> None:
    if is_public(str(address)):
        found = ip_address(str(address))
        found = getattr(found, "ipv4_mapped", None) or found
        assert found.is_global
        assert not found.is_multicast


BAD = [
    "ftp://example.org/",
    "example.org",
    "//example.org/",
    "https://",
    "https:///path",
    "https://anna:secret@example.org/",
    "https://anna@example.org/",
    "https://example.org/#x",
    "https://example.org/a b",
    "https://example.org/\r\nX: y",
    "https://exämple.org/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://127.1/",
    "https://017700000001/",
    "https://example.0x/",
    "https://1.2.3.4.5./",
    "https://example.org:22/",
    "https://example.org:25/",
    "https://example.org:0/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://[::1/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://example.org/" + "x" * 2000,
]


@pytest.mark.parametrize("url", BAD)
def test_addresses_that_make_no_sense(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        leads_outside(well_formed(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://x.localhost:8443/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://127.0.0.1/",
        "https://[::1]:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_addresses_that_say_themselves_where_they_lead(url: str) -> None:
    assert well_formed(url) == url, "an operator may allow it"
    with pytest.raises(ValueError, match=r"private network|https"):
        leads_outside(url)


@pytest.mark.parametrize("url", ["https://example.org", "https://Example.ORG:8443/a?b=c&d=%20", "https://1.1.1.1/"])
def test_addresses_as_they_should_be(url: str) -> None:
    assert leads_outside(well_formed(url)) == url


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_nothing_is_connected_that_may_not_be_however_it_is_written(
    office: Office, receiver: Receiver, host: str
) -> None:
    """All of these are this machine, as far as the resolver of the operating system is concerned."""
    hook, _ = await office.hook(f"https://{host}:{receiver.port}/")
    async with office.delivering(private=False):
        await office.happens()
        delivery = await office.tried(hook)
    assert delivery.last is not None
    assert delivery.last.problem is Failure.NOT_ALLOWED
    assert receiver.posts == []


async def test_a_name_that_leads_elsewhere_a_moment_later_gains_nothing(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: good when it was looked at, ours when it is connected to."""
    real = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **options: object) -> object:
        return real("127.0.0.1" if host == "rebinds.example" else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    hook, _ = await office.hook(leads_outside(f"https://rebinds.example:{receiver.port}/"))
    async with office.delivering(private=False):
        await office.happens()
        delivery = await office.tried(hook)
    assert delivery.last is not None
    assert delivery.last.problem is Failure.NOT_ALLOWED


async def test_http_is_for_private_networks_only(office: Office) -> None:
    """Also where the operator allows it: over the internet, everybody on the way would read along."""
    hook, _ = await office.hook("http://1.1.1.1/")
    async with office.delivering(private=True):
        await office.happens()
        delivery = await office.tried(hook)
    assert delivery.last is not None
    assert delivery.last.problem is Failure.NOT_ALLOWED
