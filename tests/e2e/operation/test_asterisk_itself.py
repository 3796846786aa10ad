"""A real Asterisk on our configuration, without our process: what it loads, whom it knows, what callers hear."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from centrale.phones.digest import Credentials
from centrale.phones.phone import RegistrationRefused
from centrale.phones.wire import WirePhone
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import (
    ARI_USER,
    Places,
    RealtimeStore,
    SipChannel,
    SipTrunk,
    ari_password,
    pushed_objects,
)
from centrale.telephony.asterisk.configuration.modules import LOADED, PRELOADED
from centrale.telephony.asterisk.process import running_asterisk
from centrale.telephony.switch import RETURN_SECONDS
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone
from tests.e2e.operation.up import own_settings

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MANY = 10_000
SORRY_HZ = 700


@dataclass(frozen=True)
class Asterisk:
    settings: Settings
    store: RealtimeStore

    @property
    def places(self) -> Places:
        return Places(self.settings.home)

    def phone(self, name: str, password: str) -> WirePhone:
        return WirePhone(name, ("127.0.0.1", self.settings.sip_port), credentials=Credentials(name, password))

    async def ask(self, path: str, method: str = "GET", password: str | None = None, **more: Any) -> httpx.Response:
        who = (ARI_USER, password or ari_password(self.places))
        async with httpx.AsyncClient(auth=who, trust_env=False) as client:
            return await client.request(method, f"http://127.0.0.1:{self.settings.ari_port}/ari/{path}", **more)

    async def sees(self, endpoint: str, state: str) -> None:
        """Wait until it takes the endpoint for that."""
        async with asyncio.timeout(15):
            while (await self.ask(f"endpoints/PJSIP/{endpoint}")).json().get("state") != state:  # noqa: ASYNC110
                await asyncio.sleep(0.2)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asterisk(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    """It starts with ten thousand phones, and a prompt for calls that nobody takes."""
    home = tmp_path_factory.mktemp("asterisk")
    settings = own_settings(home)
    store = RealtimeStore(Places(home).realtime)
    store.sync([SipChannel(f"phone{number}", f"secret{number}") for number in range(MANY)], [])
    write_wav(home / "sorry.wav", tone(SORRY_HZ, seconds=2.0))
    async with running_asterisk(settings, runtime, apology=home / "sorry"):
        yield Asterisk(settings, store)


async def test_it_runs_the_modules_of_the_list_and_no_other(asterisk: Asterisk) -> None:
    modules = (await asterisk.ask("asterisk/modules")).json()
    running = {module["name"] for module in modules if module["status"] == "Running"}
    built_in = {name for name in running if not name.endswith(".so")}
    assert running - built_in == {f"{name}.so" for name in (*PRELOADED, *LOADED)}


async def test_it_has_nothing_to_complain_of(asterisk: Asterisk) -> None:
    log = (asterisk.places.log / "asterisk.log").read_text()
    complaints = re.findall(r" (?:ERROR|WARNING)\[.*", log)
    no_music_yet = "No music on hold classes configured"
    assert [complaint for complaint in complaints if no_music_yet not in complaint] == []


async def test_ari_wants_its_password_and_listens_on_one_address(asterisk: Asterisk) -> None:
    assert (await asterisk.ask("asterisk/info")).status_code == 200
    assert (await asterisk.ask("asterisk/info", password="guessed")).status_code == 401
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", asterisk.settings.ari_port), timeout=5)


async def test_every_one_of_many_phones_is_known_from_the_start(asterisk: Asterisk) -> None:
    for number in (0, MANY // 2, MANY - 1):
        async with asterisk.phone(f"phone{number}", f"secret{number}") as phone:
            await phone.register()


async def test_a_new_phone_a_new_password_and_a_removed_phone_count_from_the_next_message(asterisk: Asterisk) -> None:
    async with asterisk.phone("anna", "first secret") as anna, asterisk.phone("anna", "second secret") as annas_new:
        with pytest.raises(RegistrationRefused):
            await anna.register()
        asterisk.store.put_channel(SipChannel("anna", "first secret"))
        await anna.register()
        asterisk.store.put_channel(SipChannel("anna", "second secret"))
        with pytest.raises(RegistrationRefused):
            await anna.register()
        await annas_new.register()
        asterisk.store.remove_channel("anna")
        with pytest.raises(RegistrationRefused):
            await annas_new.register()


async def test_a_call_that_nobody_takes_hears_why_for_free_and_is_refused_for_now(asterisk: Asterisk) -> None:
    asterisk.store.put_channel(SipChannel("ben", "secret"))
    async with asterisk.phone("ben", "secret") as ben:
        call = await ben.dials("201")
        await call.ringing()  # somebody might come back
        await call.hears_tone(SORRY_HZ, within=RETURN_SECONDS + 5)
        assert not call.dialog.answered
        end = await call.ended()
    assert (end.code, end.q850) == (503, 42)


async def test_a_carrier_is_known_by_its_address_the_moment_that_it_is_stored(asterisk: Asterisk) -> None:
    server = ("127.0.0.1", asterisk.settings.sip_port)
    async with WirePhone("carrier", server) as carrier:
        stranger = await carrier.calls("0201234567", caller="+31612345678")
        assert (await stranger.ended()).code == 401
        source = f"127.0.0.1:{carrier.port}"
        asterisk.store.put_trunk(SipTrunk("carrier", "127.0.0.1", carrier.port, sources=(source,)))
        known = await carrier.calls("0201234567", caller="+31612345678")
        await known.hears_tone(SORRY_HZ, within=RETURN_SECONDS + 5)
        assert (await known.ended()).code == 503


async def test_a_carrier_is_checked_at_once_and_is_not_called_in_vain(asterisk: Asterisk) -> None:
    checked = {"endpoint": "PJSIP/123@trunk-checked", "context": "away", "extension": "s", "priority": "1"}
    async with WirePhone("checked", ("127.0.0.1", asterisk.settings.sip_port)) as carrier:
        trunk = SipTrunk("checked", "127.0.0.1", carrier.port, qualify_seconds=1)
        asterisk.store.put_trunk(trunk)
        for key, fields in pushed_objects(trunk).items():
            body = {"fields": [{"attribute": name, "value": value} for name, value in fields.items()]}
            path = f"asterisk/config/dynamic/res_pjsip/{key}"
            assert (await asterisk.ask(path, "PUT", json=body)).status_code == 200
        await carrier.happenings.until(
            lambda: [message for message in carrier.received if message.method == "OPTIONS"] or None,
            10,
            lambda: "nobody asked whether the carrier is there",
        )
        await asterisk.sees("trunk-checked.check", "online")
        assert (await asterisk.ask("channels", "POST", params=checked)).status_code == 200
        assert (await carrier.rings()).dialog.invite.start.startswith("INVITE sip:123@")
    await asterisk.sees("trunk-checked.check", "offline")
    assert (await asterisk.ask("channels", "POST", params=checked)).status_code == 500


async def test_a_phone_that_was_registered_rings_after_a_restart_without_doing_anything(
    runtime: Runtime, tmp_path: Path
) -> None:
    settings = own_settings(tmp_path)
    asterisk = Asterisk(settings, RealtimeStore(Places(tmp_path).realtime))
    asterisk.store.put_channel(SipChannel("anna", "secret"))
    async with asterisk.phone("anna", "secret") as anna:
        async with running_asterisk(settings, runtime):
            await anna.register()
        async with running_asterisk(settings, runtime):
            call = {"endpoint": "PJSIP/anna", "context": "away", "extension": "s", "priority": "1"}
            assert (await asterisk.ask("channels", "POST", params=call)).status_code == 200
            await anna.rings()
