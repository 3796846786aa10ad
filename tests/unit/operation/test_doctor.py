"""What the doctor finds, and that each trouble comes with what to do about it."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP
from fake_programs import Programs
from pydantic import SecretStr
from rich.console import Console

from centrale.operation import doctor
from centrale.operation.doctor import Finding, Health, examine, healthy, table
from centrale.operation.home_lock import hold_home
from centrale.phones.tools import LOOPBACK, free_port
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import render
from centrale.telephony.asterisk.process import start_asterisk


@pytest.fixture
async def programs() -> AsyncIterator[Programs]:
    with Programs() as programs:
        yield programs


@pytest.fixture
def settings(tmp_path: Path, programs: Programs) -> Settings:
    return Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        asterisk=str(programs.asterisk),
        sip_port=free_port(),
        ari_port=free_port(),
        http_port=free_port(),
    )


@pytest.fixture(autouse=True)
def a_machine_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this very machine is short of is no part of these stories."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 10**11))
    monkeypatch.setattr(doctor, "_MEMORY_MEGABYTES", 1)


def findings(settings: Settings, subject: str) -> list[Finding]:
    return [finding for finding in examine(settings) if finding.subject == subject]


def finding(settings: Settings, subject: str) -> Finding:
    (found,) = findings(settings, subject)
    assert (found.health is Health.GOOD) == (not found.remedy), "who has something to do is told what, and only they"
    return found


def test_a_good_machine_has_nothing_bad_and_nothing_is_touched(settings: Settings) -> None:
    found = examine(settings)
    assert healthy(found)
    assert not settings.home.exists()
    assert not settings.cache.exists()


def test_the_version_of_asterisk_and_where_it_comes_from(settings: Settings, programs: Programs) -> None:
    assert finding(settings, "Asterisk").found == f"22.10.1 (system, {programs.asterisk})"


def test_no_asterisk_yet_is_no_trouble(settings: Settings) -> None:
    found = finding(settings.model_copy(update={"asterisk": "private"}), "Asterisk")
    assert (found.health, found.found) == (Health.NOTE, "none yet")
    assert "centrale runtime" in found.remedy


def test_an_asterisk_that_cannot_be_used_is(settings: Settings, tmp_path: Path) -> None:
    found = finding(settings.model_copy(update={"asterisk": str(tmp_path / "nothing")}), "Asterisk")
    assert found.health is Health.BAD
    assert "does not run" in found.found
    assert "CENTRALE_ASTERISK" in found.remedy


def test_missing_test_phones_do_not_matter_to_an_exchange(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for tool in ("sipp", "baresip"):
        found = finding(settings, tool)
        assert found.health is Health.NOTE
        assert "--tools" in found.remedy


def test_an_old_python_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PYTHON", (99, 0))
    assert finding(settings, "Python").health is Health.BAD
    assert not healthy(examine(settings))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_told_with_its_holder_and_the_setting(settings: Settings, taken: int) -> None:
    found = findings(settings.model_copy(update={"http_port": taken}), "Port")
    bad = [finding for finding in found if finding.health is Health.BAD]
    assert len(found) == 4
    assert len(bad) == 1
    assert f":{taken}" in bad[0].found
    assert f"process {os.getpid()}" in bad[0].found
    assert bad[0].remedy == "set CENTRALE_HTTP_PORT, or stop that program"


def test_media_ports_are_told_in_calls(settings: Settings) -> None:
    assert finding(settings, "Media ports").found == "12000–15999: 1000 calls at once"
    turned = settings.model_copy(update={"rtp_from": 16000, "rtp_to": 12000})
    assert finding(turned, "Media ports").health is Health.BAD


def test_a_home_that_cannot_be_written_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: False)
    found = finding(settings, "Home")
    assert (found.health, found.found) == (Health.BAD, f"{settings.home.parent} cannot be written")
    assert "CENTRALE_HOME" in found.remedy


def test_a_disk_that_is_nearly_full_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**10, 0, 9 * 10**8))
    found = finding(settings, "Home")
    assert (found.health, found.found) == (Health.BAD, f"{settings.home}, 900 MB free")


def test_little_memory_is_worth_knowing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_MEMORY_MEGABYTES", 10**9)
    assert finding(settings, "Memory").health is Health.NOTE


def test_a_missing_voice_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding(settings, "Speech").health is Health.GOOD
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    found = finding(settings, "Speech")
    assert (found.health, found.found) == (Health.BAD, "espeak-ng is missing")


def database(settings: Settings) -> Path:
    settings.home.mkdir(parents=True)
    return settings.home / "centrale.db"


def test_a_new_exchange_has_no_database_yet(settings: Settings) -> None:
    assert finding(settings, "Database").health is Health.NOTE
    database(settings).touch()
    assert finding(settings, "Database").found.endswith(": empty")


def test_the_version_of_the_tables_is_told(settings: Settings) -> None:
    with closing(sqlite3.connect(database(settings))) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0008')")
        connection.commit()
    found = finding(settings, "Database")
    assert (found.health, found.found.rpartition(": ")[2]) == (Health.GOOD, "schema 0008")


def test_a_damaged_database_wants_its_backup(settings: Settings) -> None:
    database(settings).write_text("no database at all" * 100)
    found = finding(settings, "Database")
    assert found.health is Health.BAD
    assert "not a database" in found.found
    assert "backup" in found.remedy


def test_a_database_server_that_is_away_is_told_without_its_password(settings: Settings) -> None:
    url = f"postgresql+psycopg://centrale:hush@127.0.0.1:{free_port()}/centrale"
    found = finding(settings.model_copy(update={"database_url": url}), "Database")
    assert found.health is Health.BAD
    assert "refused" in found.found
    assert "CENTRALE_DATABASE_URL" in found.remedy
    assert "hush" not in found.found


def test_an_exchange_that_does_not_run_is_no_trouble(settings: Settings) -> None:
    assert finding(settings, "Exchange").health is Health.NOTE


async def test_an_asterisk_without_supervisor_is_told(settings: Settings, programs: Programs) -> None:
    process = await start_asterisk(programs.runtime, render(settings, programs.runtime))
    try:
        found = finding(settings, "Exchange")
        assert (found.health, found.remedy) == (Health.BAD, "`centrale up` adopts it")
        assert str(process.pid) in found.found
    finally:
        await process.stop()


async def test_a_supervisor_without_asterisk_is_told_and_where_to_read_why(settings: Settings) -> None:
    with hold_home(settings.home):
        found = finding(settings, "Exchange")
    assert found.health is Health.BAD
    assert found.remedy == f"read {settings.home / 'log' / 'asterisk.log'}"


@pytest.mark.parametrize("problems", [[], ["The telephone switch (Asterisk) is not connected."]])
async def test_a_running_exchange_is_asked_whether_calls_can_be_made(
    settings: Settings, programs: Programs, problems: list[str]
) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"healthy": not problems, "problems": problems}, status=503 if problems else 200)

    process = await start_asterisk(programs.runtime, render(settings, programs.runtime))
    application = web.Application()
    application.router.add_get("/healthz", health)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.http_port).start()
    try:
        with hold_home(settings.home):
            found = await asyncio.to_thread(examine, settings)
    finally:
        await runner.cleanup()
        await process.stop()
    (exchange, calls, ports) = (next(f for f in found if f.subject == s) for s in ("Exchange", "Calls", "Ports"))
    assert exchange.found == f"running: supervisor {os.getpid()}, Asterisk {process.pid}"
    assert ports.found == "in use by this exchange"
    expected = (Health.BAD, problems[0]) if problems else (Health.GOOD, "can be made")
    assert (calls.health, calls.found) == expected


async def test_a_running_exchange_that_does_not_answer_is_told(settings: Settings, programs: Programs) -> None:
    process = await start_asterisk(programs.runtime, render(settings, programs.runtime))
    try:
        with hold_home(settings.home):
            found = finding(settings, "Calls")
    finally:
        await process.stop()
    assert found.health is Health.BAD
    assert "does not answer" in found.found
    assert found.remedy == f"read {settings.home / 'log' / 'call-control.log'}"


def test_people_see_one_line_for_each_finding_with_its_remedy() -> None:
    paper = io.StringIO()
    Console(file=paper, width=120).print(
        table([Finding("Port", Health.BAD, "SIP TCP 127.0.0.1:5080: taken", "set CENTRALE_SIP_PORT")])
    )
    line = next(line for line in paper.getvalue().splitlines() if "Port" in line)
    for part in ("✗", "SIP TCP 127.0.0.1:5080: taken", "set CENTRALE_SIP_PORT"):
        assert part in line


def test_without_a_mail_server_it_is_noted_and_nothing_is_wrong(settings: Settings) -> None:
    for subject in ("Mail server", "SMS gateway"):
        found = finding(settings, subject)
        assert (found.health, found.found.partition(":")[0]) == (Health.NOTE, "none is set")


async def test_a_mail_server_is_tried(settings: Settings) -> None:
    class Takes:
        """aiosmtpd's default answers."""

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Takes(), loop=loop), LOOPBACK, 0)
    port = server.sockets[0].getsockname()[1]
    ours = {"smtp_url": SecretStr(f"smtp://{LOOPBACK}:{port}?tls=none"), "mail_from": "voicemail@example.org"}
    found = await asyncio.to_thread(finding, settings.model_copy(update=ours), "Mail server")
    assert (found.health, found.found) == (Health.GOOD, f"{LOOPBACK}:{port} takes e-mails")

    asked = {**ours, "smtp_url": SecretStr(f"smtp://centrale:geheim@{LOOPBACK}:{port}")}
    found = await asyncio.to_thread(finding, settings.model_copy(update=asked), "Mail server")
    assert found.health is Health.BAD
    assert "TLS" in found.found
    assert "geheim" not in str(found)

    server.close()
    await server.wait_closed()
    found = await asyncio.to_thread(finding, settings.model_copy(update=ours), "Mail server")
    assert (found.health, "cannot be used" in found.found) == (Health.BAD, True)
    assert "CENTRALE_SMTP_URL" in found.remedy


def test_an_sms_gateway_is_named_without_its_key(settings: Settings) -> None:
    address = SecretStr("https://sms.example.org/send?key=geheim")
    found = finding(settings.model_copy(update={"sms_url": address}), "SMS gateway")
    assert found.health is Health.GOOD
    assert "sms.example.org" in found.found
    assert "geheim" not in str(found)
