"""The ways of sending that the settings allow for."""

from __future__ import annotations

from pathlib import Path

from centrale.accounts.messages import file_of
from centrale.accounts.notices import Taken, Way
from centrale.notices.mail import Mail
from centrale.notices.sms import Sms
from centrale.notices.ways import Send
from centrale.settings import Settings


def chosen_ways(settings: Settings) -> dict[Way, Send]:
    """Those with a server; notices of the others wait."""
    ways: dict[Way, Send] = {}

    def sound_of(notice: Taken) -> Path | None:
        if notice.account is None or notice.message_id is None:
            return None
        return file_of(settings.home, notice.account, notice.message_id)

    if (server := settings.mail_server) is not None:
        assert settings.mail_from is not None  # settings see to it
        ways[Way.MAIL] = Mail(server, settings.mail_from, sound_of).send
    if settings.sms_url is not None:
        headers = {name: value.get_secret_value() for name, value in settings.sms_headers.items()}
        url = settings.sms_url.get_secret_value()
        ways[Way.SMS] = Sms(url, settings.sms_fields, headers, settings.sms_format).send
    return ways


def without_way(settings: Settings) -> list[str]:
    """Sentences about what no setting allows for."""
    said = []
    if settings.smtp_url is None:
        said.append("No mail server is set: e-mails wait in the outbox (CENTRALE_SMTP_URL).")
    if settings.sms_url is None:
        said.append("No SMS gateway is set: text messages wait in the outbox (CENTRALE_SMS_URL).")
    return said
