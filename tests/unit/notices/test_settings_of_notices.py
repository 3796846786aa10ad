"""What an operator sets for e-mail and text messages; what is wrong is told without its secrets (VM-3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from centrale.settings import MailServer, Settings


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p%40%2F@mail.example.org", MailServer("mail.example.org", 587, "starttls", "u", "p@/")),
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "starttls")),
        ("smtp://127.0.0.1:2525?tls=none", MailServer("127.0.0.1", 2525, "none")),
        ("smtps://u:p@[2001:db8::1]", MailServer("2001:db8::1", 465, "implicit", "u", "p")),
        (
            "smtps://mail.example.org?ca=/etc/ca.pem",
            MailServer("mail.example.org", 465, "implicit", ca=Path("/etc/ca.pem")),
        ),
    ],
)
def test_a_mail_server_is_one_address(url: str, server: MailServer) -> None:
    assert Settings(smtp_url=url, mail_from="a@example.org").mail_server == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://u:geheim@mail.example.org",
        "smtp://u:geheim@mail.example.org:many",
        "smtp://u:geheim@mail.example.org:99999",
        "smtp://u:geheim@/",
        "smtp://geheim@mail.example.org",
        "smtp://u:ge/heim@mail.example.org",
        "smtp://u:geheim@mail.example.org?tls=perhaps",
        "smtps://u:geheim@mail.example.org?tls=none",
        "smtp://u:geheim@mail.example.org?tsl=none",
    ],
)
def test_a_wrong_address_is_told_without_the_password(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(smtp_url=url, mail_from="a@example.org")
    assert "CENTRALE_SMTP_URL" in str(refused.value)
    assert "geheim" not in str(refused.value)
    assert "heim@" not in str(refused.value)


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(ValidationError, match="CENTRALE_MAIL_FROM"):
        Settings(smtp_url="smtp://mail.example.org")


def test_the_gateways_fields_and_headers_are_json_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTRALE_SMS_URL", "https://sms.example.org/send")
    monkeypatch.setenv("CENTRALE_SMS_FIELDS", '{"numbers": ["{to}"], "text": "{text}"}')
    monkeypatch.setenv("CENTRALE_SMS_HEADERS", '{"X-Key": "geheim"}')
    settings = Settings()
    assert settings.sms_fields == {"numbers": ["{to}"], "text": "{text}"}
    assert settings.sms_headers["X-Key"].get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)
    monkeypatch.setenv("CENTRALE_SMS_HEADERS", "X-Key: geheim")
    with pytest.raises(ValidationError, match="JSON") as refused:
        Settings()
    assert "geheim" not in str(refused.value)


def test_ports_for_sound_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValidationError, match="CENTRALE_RTP_FROM is above CENTRALE_RTP_TO"):
        Settings(rtp_from=16000, rtp_to=12000)
