"""What menus and voicemail cost, beside plain Asterisk's `Background` and `VoiceMail` on the same Asterisk.

A menu call hears a question of a second, presses a key half a second into it, and hears an answer of a second. A
voicemail call hears a greeting of a second and a tone, speaks, and hangs up; the message is a file afterwards. Keys
travel as SIP INFO; nothing else differs between the two ways than who conducts the call.
"""

from __future__ import annotations

import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

from bench.exchange import MeasuredExchange
from bench.figures import Figure, ratio_at_most
from bench.load import OURS, PLAIN, SCENARIOS, WAYS, Spent, together
from bench.people import PASSWORD
from bench.processes import cpu_seconds
from centrale.accounts import extensions, sounds
from centrale.accounts.extensions import ExtensionIn
from centrale.bootstrap import open_database
from centrale.clock import SystemClock
from centrale.phones.audio import samples_of, tone
from centrale.phones.g711 import ALAW
from centrale.phones.sipp import Sipp
from centrale.phones.tools import LOOPBACK
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, Places
from centrale.telephony.asterisk.configuration.dialplan import PHONES

MOST_CPU = 2.0
MENU, ANSWER, MAILBOX = "70000", "70001", "70002"
RATE = {"menu": 15.0, "message": 8.0}
"""Calls a second: as many as the phones' side of a small machine can speak for."""
_SCENARIO = {"menu": "menu_caller.xml", "message": "message_caller.xml"}
_DIALLED = {"menu": MENU, "message": MAILBOX}
_PLAIN = "plain"
"""What a caller dials before a number to go past our exchange."""


def beside(settings: Settings) -> Extras:
    """The same menu and the same mailbox as a dialplan; writes the files that they need."""
    places = Places(settings.home.resolve())
    places.make()
    (places.etc / "voicemail.conf").write_text(
        "[general]\nformat=wav\nmaxmsg=9999\nmaxsilence=10\nminsecs=1\n[default]\n100 => 4826,Measured\n"
    )
    question, answer = (_sound(settings.home, name) for name in ("question", "answer"))
    dialplan = f"""\
[{PHONES}](+)
exten => {_PLAIN}{MENU},1,Goto(measured-menu,s,1)
exten => {_PLAIN}{MAILBOX},1,Answer()
 same => n,Playback({question.with_suffix("")})
 same => n,VoiceMail(100@default,s)
 same => n,Hangup()
[measured-menu]
exten => s,1,Answer()
 same => n,Background({question.with_suffix("")})
 same => n,WaitExten(6)
exten => 1,1,Playback({answer.with_suffix("")})
 same => n,Hangup()
"""
    return Extras(modules=("app_voicemail",), dialplan=dialplan)


async def furnish(settings: Settings, account: AccountId) -> None:
    """A menu, the announcement behind its key 1, and a mailbox; all with the sounds of the dialplan."""
    database = await open_database(settings)
    try:
        async with database.change("bench") as unit:
            refs = {}
            for name in ("question", "answer"):
                taken = settings.home / f"{name}-of-the-account.wav"
                copyfile(_sound(settings.home, name), taken)
                refs[name] = await sounds.keep_recording(
                    unit,
                    settings.home / "sounds",
                    account,
                    taken,
                    name=name,
                    origin="recording",
                    maker="bench",
                    now=SystemClock().now(),
                )
            question = {"sound": refs["question"]}
            options = [{"digits": "1", "destination": ANSWER}]
            for number, kind, given in (
                (ANSWER, "announcement", {"sound": refs["answer"]}),
                (MENU, "menu", {"question": question, "options": options}),
                (MAILBOX, "mailbox", {"welcome": question}),
            ):
                data = ExtensionIn(number=number, kind=kind, name=kind, settings=given)
                await extensions.create(unit, account, data)
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Menus:
    """By kind of call and way, the rounds; those of both ways in pairs."""

    found: dict[tuple[str, str], list[Spent]]
    spoken_s: float
    kept: dict[str, int]
    """By way, the messages that are files now."""

    def figures(self) -> list[Figure]:
        return [
            self._figure("CPU per menu call", "menu", "question, a key, answer; beside Background()"),
            self._figure(
                "CPU per voicemail call",
                "message",
                f"{self.spoken_s:g} s of message, kept: ours {self.kept[OURS]}, plain {self.kept[PLAIN]}; VoiceMail()",
            ),
        ]

    def _figure(self, name: str, kind: str, about: str) -> Figure:
        ours, plain = (together(self.found[kind, way]) for way in (OURS, PLAIN))
        failed = f"{ours.calls} calls, failed: ours {ours.failed}, plain {plain.failed}"
        note = f"Asterisk {ours.asterisk_ms:.1f} + Python {ours.control_ms:.1f}; {failed}; {about}"
        return ratio_at_most(name, "ms", ours.total_ms, plain.asterisk_ms, MOST_CPU, note)


async def run(
    exchange: MeasuredExchange, rounds: int, seconds: float, spoken_s: float, tell: Callable[[], None] = lambda: None
) -> Menus:
    """`rounds` times plain and ours in turn, calls beginning for `seconds` in each; messages last `spoken_s`."""
    voice = samples_of(tone(700, 8000, 1.0, 8000))
    (exchange.folder / "voice.pcma").write_bytes(ALAW.encode(voice))
    found: dict[tuple[str, str], list[Spent]] = {(kind, way): [] for kind in RATE for way in WAYS}
    for kind in RATE:
        for way in WAYS:  # what is made at first use is not what a call costs
            await _calls(exchange, kind, way, 1.0, 1.5)
        for _ in range(rounds):
            for way in WAYS:
                found[kind, way].append(await _calls(exchange, kind, way, seconds, spoken_s))
                tell()
    return Menus(found, spoken_s, {way: len(_messages(exchange, way)) for way in WAYS})


def _messages(exchange: MeasuredExchange, way: str) -> list[Path]:
    """The files of the messages that were kept in all rounds, the first calls included."""
    home = exchange.settings.home.resolve()
    folder = home / "voicemail" if way == OURS else Places(home).spool / "voicemail"
    return [path for path in folder.rglob("*.wav") if path.stat().st_size > 8_000]


async def _calls(exchange: MeasuredExchange, kind: str, way: str, seconds: float, spoken_s: float) -> Spent:
    name = f"{kind}-{way}"
    fields = exchange.folder / f"{name}.fields"
    dialled = (_PLAIN if way == PLAIN else "") + _DIALLED[kind]
    lines = [
        f"{pair.caller};[authentication username={pair.caller} password={PASSWORD}];{dialled}"
        for pair in exchange.people
    ]
    fields.write_text("\n".join(["SEQUENTIAL", *lines, ""]))
    count = round(RATE[kind] * seconds)
    listens_s = 1.5  # greeting and tone, before the message
    arguments = ["-inf", str(fields), "-r", str(RATE[kind]), "-m", str(count), "-l", "1000"]
    arguments += ["-d", str(round((spoken_s + listens_s) * 1000)), "-recv_timeout", "20000"]
    arguments += [f"{LOOPBACK}:{exchange.settings.sip_port}"]
    asterisk, control = cpu_seconds(exchange.asterisk), cpu_seconds(exchange.control)
    async with Sipp(exchange.runtime, name, SCENARIOS / _SCENARIO[kind], exchange.folder, arguments) as callers:
        counts = await callers.finished()
    await exchange.quiet()
    return Spent(
        calls=counts.made,
        failed=counts.failed,
        retransmitted=counts.retransmitted,
        asterisk_s=cpu_seconds(exchange.asterisk) - asterisk,
        control_s=cpu_seconds(exchange.control) - control,
    )


def _sound(home: Path, name: str) -> Path:
    """A second of tone as Asterisk's own file, made when it is first asked for."""
    path = home / f"{name}.wav"
    if not path.exists():
        samples: array[int] = samples_of(tone(600 if name == "question" else 900, 8000, 1.0, 8000))
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(samples.tobytes())
    return path
