"""Mail servers that want TLS and a password (VM-3)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from post_office import MailServer, Office, SetClock, mail_server

from centrale.accounts.notices import State, Way
from centrale.phones.tools import LOOPBACK

LOGIN = ("centrale", "p@ss/word#1")
TYPED = "centrale:p%40ss%2Fword%231@"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a mail server at 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    today = SetClock().now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=3650))
        .not_valid_after(today + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
async def strict(certificate: Path) -> AsyncIterator[MailServer]:
    """A server that wants STARTTLS, then a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with mail_server(tls=context, login=LOGIN) as server:
        yield server


async def test_by_starttls_and_with_a_password(office: Office, strict: MailServer, certificate: Path) -> None:
    id = await office.mail()
    await office.mail_sender(strict, f"?ca={certificate}", TYPED).send_due(Way.MAIL)
    assert (await office.notice(id)).state is State.SENT
    assert strict.logins == ["centrale"]


async def test_a_wrong_password_is_told_without_the_password_and_tried_again(
    office: Office, strict: MailServer, certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id = await office.mail()
    await office.mail_sender(strict, f"?ca={certificate}", "centrale:topsecret@").send_due(Way.MAIL)
    notice = await office.notice(id)
    assert notice.state is State.WAITING
    assert notice.problem is not None
    assert notice.problem.startswith("the mail server answered: 535")
    told = capsys.readouterr()
    assert "a notice could not be sent" in told.out
    assert "topsecret" not in told.out + told.err + notice.problem


async def test_a_server_that_is_somebody_else_gets_no_password(office: Office, strict: MailServer) -> None:
    """Its certificate comes from nobody whom this machine knows."""
    id = await office.mail()
    await office.mail_sender(strict, "", TYPED).send_due(Way.MAIL)
    assert "certificate" in ((await office.notice(id)).problem or "")
    assert strict.logins == []


async def test_a_server_without_tls_gets_no_password(office: Office) -> None:
    """Somebody in between may have taken the offer of STARTTLS away."""
    async with mail_server(login=LOGIN) as server:
        id = await office.mail()
        await office.mail_sender(server, "", TYPED).send_due(Way.MAIL)
        notice = await office.notice(id)
        assert (notice.state, server.logins) == (State.WAITING, [])
        assert "TLS" in (notice.problem or "")


async def test_without_tls_only_when_the_settings_say_so(office: Office) -> None:
    async with mail_server(login=LOGIN) as server:
        id = await office.mail()
        await office.mail_sender(server, "?tls=none", TYPED).send_due(Way.MAIL)
        assert (await office.notice(id)).state is State.SENT
