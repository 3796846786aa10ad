"""Two programs are kept running, each without harm to the other (design §7), told with programs of a few lines.

The same with a real Asterisk: tests/e2e/operation.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from fake_programs import PATIENCE, Programs
from structlog.testing import capture_logs

from centrale.operation import log_bound
from centrale.operation import supervisor as module
from centrale.operation.backoff import Backoff
from centrale.operation.home_lock import HomeInUse, hold_home
from centrale.operation.supervisor import CannotStart, Supervisor
from centrale.phones.tools import free_port
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import find_running, start_asterisk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", sip_port=free_port(), ari_port=free_port(), http_port=free_port())


@pytest.fixture
async def programs() -> AsyncIterator[Programs]:
    with Programs() as programs:
        yield programs


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEFT_OVER_PATIENCE", 0.01)


def at_once() -> Backoff:
    return Backoff(first=0.0, longest=0.0)


def supervisor(settings: Settings, programs: Programs, *how: str) -> Supervisor:
    return Supervisor(settings, programs.runtime, programs.command(*how), backoff=at_once)


@asynccontextmanager
async def supervised(settings: Settings, programs: Programs, *how: str) -> AsyncIterator[asyncio.Task[None]]:
    """An exchange that runs until the block ends, then is told to end."""
    task = asyncio.create_task(supervisor(settings, programs, *how).run())
    try:
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, PATIENCE)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_asterisk_comes_before_call_control_and_ends_after_it(settings: Settings, programs: Programs) -> None:
    async with supervised(settings, programs):
        asterisk, control = await programs.told("asterisk"), await programs.told("control")
    await programs.told("end of asterisk")
    assert programs.order == ["asterisk", "control", "end of control", "end of asterisk"]
    assert not alive(asterisk)
    assert not alive(control)


async def test_a_call_control_that_dies_is_started_again_and_asterisk_does_not_notice(
    settings: Settings, programs: Programs
) -> None:
    async with supervised(settings, programs):
        asterisk, first = await programs.told("asterisk"), await programs.told("control")
        os.kill(first, signal.SIGKILL)
        second = await programs.told("control")
        assert second != first
        assert find_running(Places(settings.home)) == asterisk
    assert programs.order.count("asterisk") == 1


async def test_an_asterisk_that_dies_is_started_again_and_call_control_lives_on(
    settings: Settings, programs: Programs
) -> None:
    async with supervised(settings, programs):
        first, control = await programs.told("asterisk"), await programs.told("control")
        os.kill(first, signal.SIGKILL)
        second = await programs.told("asterisk")
        assert second != first
        assert alive(control)
    assert programs.order.count("control") == 1


async def test_an_asterisk_that_cannot_come_back_is_tried_until_it_can(settings: Settings, programs: Programs) -> None:
    async with supervised(settings, programs):
        first = await programs.told("asterisk")
        await programs.told("control")
        programs.asterisk_dies()
        os.kill(first, signal.SIGKILL)
        await programs.told("failed asterisk")
        await programs.told("failed asterisk")
        programs.asterisk_dies(at_birth=False)
        await programs.told("asterisk")
    assert programs.order.count("control") == 1


async def test_a_full_disk_at_asterisks_return_does_not_end_the_exchange(
    settings: Settings, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    render, refusals = module.render, [sqlite3.OperationalError("database or disk is full"), OSError("no space")]

    def refuse_at_first(*arguments: object) -> Places:
        if refusals:
            raise refusals.pop()
        return render(*arguments)  # type: ignore[arg-type]

    async with supervised(settings, programs):
        first = await programs.told("asterisk")
        await programs.told("control")
        monkeypatch.setattr(module, "render", refuse_at_first)
        os.kill(first, signal.SIGKILL)
        await programs.told("asterisk")
    assert refusals == []


async def test_a_call_control_that_keeps_dying_is_tried_after_ever_longer_pauses(
    settings: Settings, programs: Programs
) -> None:
    exchange = Supervisor(
        settings,
        programs.runtime,
        programs.command("dies"),
        backoff=lambda: Backoff(first=0.001, longest=0.004, chance=lambda: 1.0),
    )
    with capture_logs() as logs:
        task = asyncio.create_task(exchange.run())
        for _ in range(5):
            await programs.told("control")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, PATIENCE)
    deaths = [log for log in logs if log["event"] == "call control is away; calls go on"]
    assert {log["exit_code"] for log in deaths} == {5}
    assert programs.order.count("asterisk") == 1


async def test_a_machine_that_cannot_start_another_process_now_keeps_its_calls(
    settings: Settings, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refusals = module.start_child, [OSError("Cannot allocate memory")]

    async def refuse_at_first(*arguments: object) -> asyncio.subprocess.Process:
        if refusals:
            raise refusals.pop()
        return await start(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "start_child", refuse_at_first)
    async with supervised(settings, programs):
        await programs.told("asterisk")
        await programs.told("control")
    assert programs.order.count("asterisk") == 1


async def test_who_stops_it_twice_while_asterisk_still_starts_leaves_nothing_behind(
    settings: Settings, programs: Programs
) -> None:
    programs.asterisk_hangs()
    async with supervised(settings, programs):
        hanging = await programs.told("hanging asterisk")
        os.kill(os.getpid(), signal.SIGTERM)
        await programs.told("heard")
        os.kill(os.getpid(), signal.SIGTERM)
    assert not alive(hanging)


async def test_asterisks_log_is_looked_after(
    settings: Settings, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, looked = asyncio.get_running_loop(), asyncio.Event()
    paths = []

    def look(path: Path, _largest: int) -> None:
        paths.append(path)
        loop.call_soon_threadsafe(looked.set)

    monkeypatch.setattr(log_bound, "put_aside_when_large", look)
    async with supervised(settings, programs):
        await programs.told("control")
        async with asyncio.timeout(PATIENCE):
            await looked.wait()
    assert set(paths) == {settings.home / "log" / "asterisk.log"}


async def test_a_call_control_that_does_not_listen_is_killed(
    settings: Settings, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHILD_PATIENCE", 0.3)
    async with supervised(settings, programs, "deaf"):
        deaf = await programs.told("deaf")
    await programs.told("end of asterisk")
    assert not alive(deaf)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_every_usual_signal_ends_it_in_order(
    settings: Settings, programs: Programs, number: signal.Signals
) -> None:
    async with supervised(settings, programs):
        await programs.told("control")
        os.kill(os.getpid(), number)
    await programs.told("end of asterisk")
    assert programs.order[-2:] == ["end of control", "end of asterisk"]


async def test_an_asterisk_that_runs_already_is_adopted_with_its_calls(settings: Settings, programs: Programs) -> None:
    async with left_behind(settings, programs) as asterisk:
        async with supervised(settings, programs):
            await programs.told("control")
            assert find_running(Places(settings.home)) == asterisk
        await programs.told("end of asterisk")
    assert programs.order == ["asterisk", "control", "end of control", "end of asterisk"]


async def test_an_adopted_asterisk_that_dies_is_replaced(settings: Settings, programs: Programs) -> None:
    async with left_behind(settings, programs) as asterisk, supervised(settings, programs):
        await programs.told("control")
        os.kill(asterisk, signal.SIGKILL)
        assert await programs.told("asterisk") != asterisk


async def test_an_asterisk_with_other_ports_is_of_no_use_and_makes_room(settings: Settings, programs: Programs) -> None:
    moved = settings.model_copy(update={"sip_port": free_port()})
    async with left_behind(settings, programs) as asterisk, supervised(moved, programs):
        await programs.told("end of asterisk")
        assert await programs.told("asterisk") != asterisk
        await programs.told("control")


async def test_an_asterisk_of_another_home_is_none_of_our_business(
    settings: Settings, programs: Programs, tmp_path: Path
) -> None:
    other = Settings(
        home=tmp_path / "other",
        sip_port=free_port(),
        ari_port=free_port(),
        http_port=free_port(),
        rtp_from=16000,
        rtp_to=16999,
    )
    async with left_behind(other, programs) as theirs:
        async with supervised(settings, programs):
            assert await programs.told("asterisk") != theirs
            await programs.told("control")
        assert alive(theirs)


@asynccontextmanager
async def left_behind(settings: Settings, programs: Programs) -> AsyncIterator[int]:
    """An Asterisk that runs although nobody supervises it."""
    places = module.render(settings, programs.runtime)
    process = await start_asterisk(programs.runtime, places)
    assert await programs.told("asterisk") == process.pid
    try:
        yield process.pid
    finally:
        await process.stop()


async def test_an_asterisk_that_never_starts_is_told_with_its_last_words(
    settings: Settings, programs: Programs
) -> None:
    programs.asterisk_dies()
    with pytest.raises(CannotStart) as refusal:
        await supervisor(settings, programs).run()
    assert "exit code 3" in str(refusal.value)
    assert "Address in use" in str(refusal.value)
    assert "loader.c: reading" not in str(refusal.value), "only complaints help"
    assert programs.order == ["failed asterisk"], "what is wrong now would be wrong again"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("setting", ["http_port", "sip_port", "ari_port"])
async def test_a_taken_port_is_told_before_anything_starts(
    settings: Settings, programs: Programs, taken: int, setting: str
) -> None:
    with pytest.raises(CannotStart) as refusal:
        await supervisor(settings.model_copy(update={setting: taken}), programs).run()
    for told in (f":{taken}", f"process {os.getpid()}", f"CENTRALE_{setting.upper()}"):
        assert told in str(refusal.value)
    assert programs.order == []


async def test_an_address_that_this_machine_does_not_have_is_told(settings: Settings, programs: Programs) -> None:
    elsewhere = settings.model_copy(update={"bind": ip_address("192.0.2.1")})
    with pytest.raises(CannotStart, match=r"192\.0\.2\.1"):
        await supervisor(elsewhere, programs).run()


async def test_a_second_supervisor_on_the_same_home_is_refused(settings: Settings, programs: Programs) -> None:
    with hold_home(settings.home), pytest.raises(HomeInUse, match=str(os.getpid())):
        await supervisor(settings, programs).run()
    assert programs.order == []


async def test_a_disk_that_is_nearly_full_is_told_before_records_are_lost(
    settings: Settings, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7))
    with pytest.raises(CannotStart, match="10 MB free") as refusal:
        await supervisor(settings, programs).run()
    assert "CENTRALE_HOME" in str(refusal.value)
    assert programs.order == []


async def test_a_realtime_file_that_is_none_is_told_with_the_remedy(settings: Settings, programs: Programs) -> None:
    path = Places(settings.home).realtime
    path.parent.mkdir(parents=True)
    path.write_text("this is no database, whatever it is called" * 100)
    with pytest.raises(CannotStart, match=r"not a database; .*remove it"):
        await supervisor(settings, programs).run()
