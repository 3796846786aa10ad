"""A notice as an e-mail (RFC 5322), with the voice message attached when it shall be (VM-3)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from centrale.accounts.notices import Taken

SENDER_NAME = "Centrale"

_GONE = {
    "nl": "Het bericht is intussen gewist, en daarom niet bijgevoegd.",
    "en": "The message has been deleted meanwhile, and is therefore not attached.",
    "de": "Die Nachricht wurde inzwischen gelöscht und ist deshalb nicht angehängt.",
    "es": "Entretanto el mensaje se ha borrado, por lo que no va adjunto.",
    "lv": "Ziņojums pa šo laiku ir izdzēsts, tāpēc tas nav pievienots.",
}


def letter(notice: Taken, sender: str, sound: bytes | None) -> EmailMessage:
    """The e-mail. `sound`: the WAV to attach; None when there is none, or it is gone.

    Its Message-ID is the same at each try, so that a receiver who got it twice can know. The texts of a notice have no
    line ends where headers are made of them (`accounts.notices.add`), and the library refuses headers that have.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{SENDER_NAME} <{sender}>"
    mail["To"] = notice.recipient
    mail["Subject"] = notice.subject
    mail["Date"] = format_datetime(notice.created)
    mail["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    body = notice.body.rstrip("\n") + "\n"
    if notice.attach and sound is None:
        body += f"\n{_GONE.get(notice.language, _GONE['en'])}\n"
    mail.set_content(body, cte="quoted-printable")
    if sound is not None:
        name = f"{notice.created:%Y-%m-%d-%H%M%S}.wav"
        mail.add_attachment(sound, maintype="audio", subtype="wav", filename=name)
    return mail
