"""What people are told of a new message, in the language of their mailbox (VM-3)."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from centrale.accounts import notices
from centrale.accounts.messages import Message
from centrale.accounts.models import AccountRow, ExtensionRow
from centrale.accounts.notices import Way
from centrale.accounts.unit import Unit
from centrale.kinds.registry import KINDS
from centrale.kinds.voicemail import voicemail_of
from centrale.routing.snapshot import AccountId, Extension, ExtensionNumber
from centrale.voice.languages import spoken_language


@dataclass(frozen=True, slots=True)
class _Wording:
    """One language. `moment`: for `strftime`."""

    subject: str
    withheld: str
    body: str
    short: str
    moment: str


_WORDINGS = {
    "nl": _Wording(
        "Nieuw voicemailbericht van {caller}",
        "anonieme beller",
        "Er is een nieuw voicemailbericht voor {box}.\n\nBeller: {caller}\nTijd: {moment}\nDuur: {duration}\n",
        "Nieuw voicemailbericht voor {box} van {caller}, {moment}, duur {duration}.",
        "%d-%m-%Y %H:%M",
    ),
    "en": _Wording(
        "New voicemail message from {caller}",
        "anonymous caller",
        "There is a new voicemail message for {box}.\n\nCaller: {caller}\nTime: {moment}\nDuration: {duration}\n",
        "New voicemail message for {box} from {caller}, {moment}, duration {duration}.",
        "%d/%m/%Y %H:%M",
    ),
    "de": _Wording(
        "Neue Sprachnachricht von {caller}",
        "anonymer Anrufer",
        "Es gibt eine neue Sprachnachricht für {box}.\n\nAnrufer: {caller}\nZeit: {moment}\nDauer: {duration}\n",
        "Neue Sprachnachricht für {box} von {caller}, {moment}, Dauer {duration}.",
        "%d.%m.%Y %H:%M",
    ),
    "es": _Wording(
        "Nuevo mensaje de voz de {caller}",
        "número oculto",
        "Hay un nuevo mensaje de voz para {box}.\n\nLlamante: {caller}\nHora: {moment}\nDuración: {duration}\n",
        "Nuevo mensaje de voz para {box} de {caller}, {moment}, duración {duration}.",
        "%d/%m/%Y %H:%M",
    ),
    "lv": _Wording(
        "Jauna balss ziņa no {caller}",
        "anonīms zvanītājs",
        "Saņemta jauna balss ziņa pastkastītei {box}.\n\nZvanītājs: {caller}\nLaiks: {moment}\nIlgums: {duration}\n",
        "Jauna balss ziņa pastkastītei {box} no {caller}, {moment}, ilgums {duration}.",
        "%d.%m.%Y %H:%M",
    ),
}


async def add(unit: Unit, account: AccountId, message: Message) -> None:
    """Puts what the mailbox's settings ask for into the outbox, in the transaction of the message itself."""
    box = await unit.session.get_one(ExtensionRow, (account, message.mailbox))
    owner = await unit.session.get_one(AccountRow, account)
    settings = KINDS[box.kind].settings.model_validate(box.settings)
    extension = Extension(ExtensionNumber(box.number), box.kind, box.name, settings)
    voicemail = voicemail_of(extension)
    if voicemail is None:
        return
    language = voicemail.language or getattr(settings, "language", None) or owner.language
    wording = _WORDINGS[spoken_language(language)]
    words = {
        "box": f"{box.number} {box.name}",
        "caller": _caller(message) or wording.withheld,
        "moment": message.left_at.astimezone(ZoneInfo(owner.timezone)).strftime(wording.moment),
        "duration": f"{round(message.seconds) // 60}:{round(message.seconds) % 60:02}",
    }
    now = unit.clock.now()
    if voicemail.mail is not None:
        notices.add(
            unit,
            account,
            way=Way.MAIL,
            recipient=voicemail.mail.address,
            subject=wording.subject.format(**words)[:250],
            body=wording.body.format(**words),
            message_id=message.id,
            attach=voicemail.mail.attach,
            delete_after=voicemail.mail.delete_after,
            now=now,
        )
    if voicemail.sms is not None:
        notices.add(
            unit,
            account,
            way=Way.SMS,
            recipient=voicemail.sms,
            subject="",
            body=wording.short.format(**words),
            message_id=message.id,
            now=now,
        )


def _caller(message: Message) -> str:
    if message.caller and message.caller_name and message.caller_name != message.caller:
        return f"{message.caller_name} ({message.caller})"
    return message.caller or message.caller_name
