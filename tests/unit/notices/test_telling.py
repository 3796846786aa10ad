"""What operators are told of the outbox (OPS-1)."""

from __future__ import annotations

from datetime import timedelta

from post_office import Gateway, MailServer, Office
from prometheus_client import CollectorRegistry, generate_latest

from centrale.accounts.notices import Waiting, Way
from centrale.notices.sender import Sender
from centrale.notices.telling import OutboxState
from centrale.settings import Settings


def told(office: Office, sender: Sender, **settings: object) -> list[str]:
    return list(OutboxState(Settings(home=office.home, **settings), sender, office.clock).notes())


async def test_what_is_not_set_is_told(office: Office) -> None:
    mail, sms = told(office, office.sender())
    assert mail.startswith("No mail server is set")
    assert sms.startswith("No SMS gateway is set")


async def test_what_waits_is_told_once_it_is_late(office: Office, server: MailServer, gateway: Gateway) -> None:
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{server.port}?tls=none",
        "mail_from": "voicemail@example.org",
        "sms_url": gateway.url,
    }
    sender = office.sender(**settings)
    sender.waiting[Way.MAIL] = Waiting(3, office.clock.moment)
    office.clock.moment += timedelta(minutes=14)
    assert told(office, sender, **settings) == []
    office.clock.moment += timedelta(minutes=1)
    assert told(office, sender, **settings) == [
        "3 e-mails wait to be sent, the oldest for 15 minutes; the log says why."
    ]


async def test_figures_tell_what_waits_and_for_how_long(office: Office) -> None:
    sender, registry = office.sender(), CollectorRegistry()
    OutboxState(Settings(home=office.home), sender, office.clock).measure(registry)
    sender.waiting[Way.SMS] = Waiting(2, office.clock.moment)
    office.clock.moment += timedelta(seconds=90)
    figures = generate_latest(registry).decode()
    assert 'centrale_notices_waiting{way="sms"} 2.0' in figures
    assert 'centrale_notices_oldest_seconds{way="sms"} 90.0' in figures
    assert 'centrale_notices_oldest_seconds{way="mail"} 0.0' in figures
