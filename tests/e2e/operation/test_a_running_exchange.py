"""`centrale up` with everything real: what dies comes back, what lives is left alone, and all of it ends when told."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from centrale.operation.ports import asterisk_ports, taken_ports, web_ports
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import find_running
from tests.e2e.operation.program import KEY, PERSON, a_program
from tests.e2e.operation.up import Up, own_settings, up

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("runtime")]


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_asterisk_and_call_control_each_come_back_alone_and_both_end_on_sigterm(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    async with up(settings, CENTRALE_WEBHOOKS_PRIVATE="true") as exchange:
        asterisk = await exchange.says_process("Asterisk runs")
        control = await exchange.says_process("call control runs")
        await exchange.says("Centrale runs")
        assert (await exchange.health()).status_code == 200

        os.kill(asterisk, signal.SIGKILL)
        assert await exchange.says(r"Asterisk died.*exit_code=-9 next_start_in=0\.\d+")
        new_asterisk = await exchange.says_process("Asterisk runs")
        await exchange.says("ari_up")
        assert (await exchange.health()).status_code == 200
        assert alive(control)

        async with a_program(settings) as (program, api):
            made = await api.post("/extensions", json=PERSON, headers=KEY)
            await program.hears(PERSON["number"])  # and is too ill to take it
            await program.was_noted(api)
            os.kill(control, signal.SIGKILL)
            program.recovers()
            await exchange.says("call control is away; calls go on")
            new_control = await exchange.says_process("call control runs")
            await exchange.says("Centrale runs")
            again = await api.post("/extensions", json=PERSON, headers=KEY)
            assert (again.content, again.headers["idempotent-replayed"]) == (made.content, "true")
            told = await program.hears(PERSON["number"])
            assert told["data"]["after"]["name"] == PERSON["name"]
        assert find_running(Places(tmp_path)) == new_asterisk
        assert len({asterisk, new_asterisk, control, new_control}) == 4

        exchange.send(signal.SIGTERM)
        assert await exchange.ends() == 0
        assert not alive(new_asterisk)
        assert not alive(new_control)
    assert taken_ports(asterisk_ports(settings) + web_ports(settings)) == []
    assert not [line for line in exchange.lines if "Traceback" in line]


async def test_an_asterisk_whose_supervisor_was_killed_talks_on_and_is_adopted(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    async with up(settings) as first:
        asterisk = await first.says_process("Asterisk runs")
        await first.says("Centrale runs")
        first.send(signal.SIGKILL)
        assert await first.ends() == -9, "its call control goes with it: the output is closed"
        assert find_running(Places(tmp_path)) == asterisk
        async with up(settings) as second:
            assert await second.says_process("adopted the Asterisk that runs") == asterisk
            await second.says("Centrale runs")
            assert (await second.health()).status_code == 200
            second.ctrl_c()
            assert await second.ends() == 0
            assert not [line for line in second.lines if "died" in line or "is away" in line], (
                "in order, not all at once"
            )
    assert find_running(Places(tmp_path)) is None


async def test_two_exchanges_run_side_by_side_and_a_home_takes_only_one(tmp_path: Path) -> None:
    here, there = own_settings(tmp_path / "here"), own_settings(tmp_path / "there")
    async with up(here) as one, up(there) as other:
        for exchange in (one, other):
            await exchange.says("Centrale runs")
        for exchange in (one, other):
            assert (await exchange.health()).status_code == 200
        intruder = await Up.start(here)
        assert await intruder.ends() == 1
        said = "\n".join(intruder.lines)
        assert f"process {one.process.pid}" in said
        assert "CENTRALE_HOME" in said
        assert (await one.health()).status_code == 200
        one.ctrl_c()
        assert await one.ends() == 0
        assert not [line for line in one.lines if "died" in line or "is away" in line], "in order, not all at once"
        assert (await other.health()).status_code == 200
