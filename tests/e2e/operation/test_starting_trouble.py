"""What keeps an exchange from starting is told in words, with exit code 1, and leaves nothing running."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import find_running
from tests.e2e.operation.up import Up, own_settings, up

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("runtime")]


async def refusal(exchange: Up) -> str:
    """What it said before it ended with exit code 1."""
    assert await exchange.ends() == 1
    said = " ".join(exchange.lines)
    assert "Traceback" not in said
    assert find_running(Places(exchange.settings.home)) is None
    return said


async def test_a_taken_port_is_named_with_its_holder_and_its_setting(tmp_path: Path) -> None:
    settings = own_settings(tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", settings.sip_port))
        async with up(settings) as exchange:
            said = await refusal(exchange)
    assert f"SIP UDP 127.0.0.1:{settings.sip_port}: taken" in said
    assert f"(process {os.getpid()})" in said
    assert "CENTRALE_SIP_PORT" in said


async def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    async with up(own_settings(tmp_path), CENTRALE_SIP_PORT="seventy") as exchange:
        assert "CENTRALE_SIP_PORT: Input should be a valid integer" in await refusal(exchange)


async def test_a_home_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with up(own_settings(tmp_path / "file" / "home")) as exchange:
        assert "CENTRALE_HOME" in await refusal(exchange)


async def test_an_asterisk_that_is_none_is_told_with_a_remedy(tmp_path: Path) -> None:
    async with up(own_settings(tmp_path), CENTRALE_ASTERISK="/bin/true") as exchange:
        said = await refusal(exchange)
    assert "/bin/true" in said
    assert "set CENTRALE_ASTERISK" in said
