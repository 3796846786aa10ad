"""`centrale doctor`: what is there, what is wrong, and how to mend it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from rich.table import Table
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from centrale.notices.mail import trial
from centrale.operation.home_lock import supervisor_of
from centrale.operation.ports import asterisk_ports, taken_ports, web_ports
from centrale.runtime import RuntimeUnavailable, find_runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import find_running
from centrale.wording import Language
from centrale.wording.health import of_itself

_PYTHON = (3, 11)
_HOME_MEGABYTES = 1_000
_MEMORY_MEGABYTES = 700
"""Asterisk with 10,000 phones and our process (docs/decisions/0002)."""
_PATIENCE = 5
"""Seconds for an answer of the database, or of the running exchange."""


class Health(Enum):
    """How a check ended. A note is worth knowing and does not make the doctor fail."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's table."""

    subject: str
    health: Health
    found: str
    remedy: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> list[Finding]:
    """All checks, in the order of the table. Starts nothing, fetches nothing, changes nothing."""
    return [finding for check in CHECKS for finding in check(settings)]


def healthy(findings: list[Finding]) -> bool:
    """Is nothing wrong?"""
    return all(finding.health is not Health.BAD for finding in findings)


def next_step(findings: list[Finding], settings: Settings) -> str:
    """Where to go on once the exchange runs; empty while it does not, as then a finding says what to do."""
    if not any(it.subject == "Exchange" and it.health is Health.GOOD for it in findings):
        return ""
    return (
        f"Next: sign in at {settings.portal}. The overview of each customer shows the first steps up to a first call."
    )


def table(findings: list[Finding], language: Language = Language.ENGLISH) -> Table:
    """The findings for a terminal."""
    marks = {Health.GOOD: "[green]✓[/]", Health.NOTE: "[yellow]![/]", Health.BAD: "[red]✗[/]"}
    drawn = Table(box=None, pad_edge=False)
    for heading in ("", "", "Found", "What to do"):
        drawn.add_column(of_itself(heading, language), overflow="fold")
    for finding in findings:
        told = (of_itself(it, language) for it in (finding.subject, finding.found, finding.remedy))
        drawn.add_row(marks[finding.health], *told)
    return drawn


def _python(_settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= _PYTHON
    yield Finding("Python", Health.GOOD if good else Health.BAD, version, "" if good else "use Python 3.11 or newer")


def _runtime(settings: Settings) -> Iterator[Finding]:
    try:
        runtime = find_runtime(settings)
    except RuntimeUnavailable as error:
        yield Finding("Asterisk", Health.BAD, str(error), error.remedy)
        return
    if runtime is None:
        yield Finding("Asterisk", Health.NOTE, "none yet", "`centrale runtime` fetches a private one; `up` does too")
        return
    yield Finding("Asterisk", Health.GOOD, f"{runtime.version} ({runtime.origin})")
    for tool in ("sipp", "baresip"):
        try:
            yield Finding(tool, Health.GOOD, runtime.command(tool)[-1])
        except RuntimeUnavailable:
            yield Finding(tool, Health.NOTE, "none", "only for tests and the demo: `centrale runtime --tools`")


def _running(settings: Settings) -> Iterator[Finding]:
    supervisor = supervisor_of(settings.home)
    asterisk = find_running(Places(settings.home.resolve()))
    if supervisor is None and asterisk is None:
        yield Finding("Exchange", Health.NOTE, "not running", "`centrale up` starts it")
    elif supervisor is None:
        yield Finding(
            "Exchange", Health.BAD, f"Asterisk (process {asterisk}) runs without supervisor", "`centrale up` adopts it"
        )
    elif asterisk is None:
        where = Places(settings.home).log / "asterisk.log"
        yield Finding("Exchange", Health.BAD, f"supervisor {supervisor} runs without Asterisk", f"read {where}")
    else:
        yield Finding("Exchange", Health.GOOD, f"running: supervisor {supervisor}, Asterisk {asterisk}")
        yield _calls(settings)


def _calls(settings: Settings) -> Finding:
    """What a running exchange says of itself."""
    bind = settings.bind
    host = bind if not bind.is_unspecified else "127.0.0.1" if bind.version == 4 else "::1"
    address = f"[{host}]" if ":" in str(host) else host
    remedy = f"read {Places(settings.home).log / 'call-control.log'}"
    try:
        answer = httpx.get(f"http://{address}:{settings.http_port}/healthz", timeout=_PATIENCE, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        return Finding("Calls", Health.BAD, f"call control does not answer: {error}", remedy)
    problems = " ".join(answer["problems"])
    return Finding("Calls", Health.BAD, problems, remedy) if problems else Finding("Calls", Health.GOOD, "can be made")


def _ports(settings: Settings) -> Iterator[Finding]:
    needs = web_ports(settings)
    if supervisor_of(settings.home) is not None:
        yield Finding("Ports", Health.GOOD, "in use by this exchange")
        return
    if find_running(Places(settings.home.resolve())) is None:
        needs = asterisk_ports(settings) + needs
    taken = {port.need: port for port in taken_ports(needs)}
    for need in needs:
        if (port := taken.get(need)) is None:
            yield Finding("Port", Health.GOOD, f"{need} is free")
        else:
            yield Finding("Port", Health.BAD, str(port), f"set {need.setting}, or stop that program")
    count = settings.rtp_to - settings.rtp_from + 1
    good = count >= 4
    yield Finding(
        "Media ports",
        Health.GOOD if good else Health.BAD,
        f"{settings.rtp_from}–{settings.rtp_to}: {max(0, count // 4)} calls at once",
        "" if good else "set CENTRALE_RTP_FROM below CENTRALE_RTP_TO",
    )


def _database(settings: Settings) -> Iterator[Finding]:
    url = make_url(settings.database)
    shown = url.render_as_string(hide_password=True)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not Path(url.database or "").exists():
        yield Finding("Database", Health.NOTE, f"{shown}: none yet", "`centrale up` makes it")
        return
    blocking = url.set(drivername=url.drivername.replace("+aiosqlite", ""))
    engine = create_engine(blocking, connect_args={} if sqlite else {"connect_timeout": _PATIENCE})
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                yield Finding("Database", Health.NOTE, f"{shown}: empty", "`centrale up` fills it")
                return
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        yield Finding("Database", Health.GOOD, f"{shown}: schema {revision}")
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        remedy = "put a backup back (docs/guides/running.md)" if sqlite else "start it, or set CENTRALE_DATABASE_URL"
        yield Finding("Database", Health.BAD, f"{shown}: {reason}", remedy)
    finally:
        engine.dispose()


def _home(settings: Settings) -> Iterator[Finding]:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("Home", Health.BAD, f"{folder} cannot be written", "set CENTRALE_HOME to a folder of yours")
        return
    free = shutil.disk_usage(folder).free // 1_000_000
    good = free >= _HOME_MEGABYTES
    remedy = "" if good else f"free some space: {_HOME_MEGABYTES} MB is little for records and recordings"
    yield Finding("Home", Health.GOOD if good else Health.BAD, f"{settings.home}, {free} MB free", remedy)


def _memory(_settings: Settings) -> Iterator[Finding]:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(int(line.split()[1]) // 1000 for line in lines if line.startswith("MemAvailable:"))
    good = available >= _MEMORY_MEGABYTES
    remedy = "" if good else f"{_MEMORY_MEGABYTES} MB is what 10,000 phones need; fewer need less"
    yield Finding("Memory", Health.GOOD if good else Health.NOTE, f"{available} MB available", remedy)


def _speech(_settings: Settings) -> Iterator[Finding]:
    try:
        import espeakng_loader
    except ImportError:
        yield Finding("Speech", Health.BAD, "espeak-ng is missing", "install the locked requirements again: `make run`")
        return
    good = Path(espeakng_loader.get_library_path()).exists() and Path(espeakng_loader.get_data_path()).exists()
    yield Finding(
        "Speech", Health.GOOD if good else Health.BAD, "espeak-ng", "" if good else "reinstall it: `make run`"
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    if (server := settings.mail_server) is None:
        yield Finding(
            "Mail server", Health.NOTE, "none is set: e-mails wait", "set CENTRALE_SMTP_URL and CENTRALE_MAIL_FROM"
        )
        return
    # In a thread: whoever asks may be in an event loop of their own.
    with ThreadPoolExecutor(1) as thread:
        problem = thread.submit(lambda: asyncio.run(trial(server, _PATIENCE))).result()
    if problem is None:
        found = f"{server} takes e-mails, signed in" if server.username else f"{server} takes e-mails"
        yield Finding("Mail server", Health.GOOD, found)
    else:
        yield Finding("Mail server", Health.BAD, f"{server}: {problem}", "start it, or mend CENTRALE_SMTP_URL")


def _sms(settings: Settings) -> Iterator[Finding]:
    if settings.sms_url is None:
        yield Finding("SMS gateway", Health.NOTE, "none is set: text messages wait", "set CENTRALE_SMS_URL")
    else:
        host = urlsplit(settings.sms_url.get_secret_value()).hostname
        yield Finding("SMS gateway", Health.GOOD, f"at {host}; it is not tried, for that would send a message")


CHECKS: tuple[Check, ...] = (_python, _runtime, _running, _ports, _home, _database, _memory, _speech, _mail, _sms)
