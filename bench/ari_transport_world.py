"""What the transports are measured in: our Asterisk with an application on each kind of socket, sipp on both sides."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.exchange import private_settings
from bench.load import SCENARIOS
from centrale.phones.sipp import Sipp
from centrale.phones.tools import LOOPBACK, free_port
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import (
    ARI_USER,
    Extras,
    RealtimeStore,
    SipTrunk,
    ari_password,
    render,
)
from centrale.telephony.asterisk.configuration.dialplan import AWAY, TRUNKS, handed_over
from centrale.telephony.asterisk.process import AsteriskProcess, start_asterisk

APPS = ("inbound", "outbound")
"""The applications, named after who opens their socket: we do, or Asterisk does."""
PATIENT = "patient"
"""What is dialled to reach the inbound application by our own dialplan, in which callers wait for it to return."""
CALLEE = "trunk-callee"
"""The endpoint through which every call goes out."""


@dataclass(frozen=True, slots=True)
class World:
    """A running Asterisk, and where the callees are. `listen`: where Asterisk looks for the outbound application."""

    settings: Settings
    runtime: Runtime
    asterisk: AsteriskProcess
    password: str
    callee_port: int
    listen: int

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self.settings.ari_port}"

    def callees(self) -> Sipp:
        """The phones that are called."""
        arguments = ["-p", str(self.callee_port), "-l", "100000"]
        return Sipp(self.runtime, "callees", SCENARIOS / "callee.xml", self.settings.home, arguments)

    def callers(self, name: str, service: str, rate: float, count: int, talk_s: float, patience_s: float = 10) -> Sipp:
        """`count` calls to `service` (an application, `PATIENT` or `dial`) at `rate` a second, talking for `talk_s`."""
        words = ["-s", service, "-r", str(rate), "-m", str(count), "-l", "100000"]
        words += ["-d", str(round(talk_s * 1000)), "-recv_timeout", str(round(patience_s * 1000))]
        words += [f"{LOOPBACK}:{self.settings.sip_port}"]
        return Sipp(self.runtime, name, SCENARIOS / "plain_caller.xml", self.settings.home, words)


@asynccontextmanager
async def world(home: Path, runtime: Runtime) -> AsyncIterator[World]:
    """Our configuration as it is, and beside it what the experiment needs."""
    settings = private_settings(home)
    callee, listen = free_port(socket.SOCK_DGRAM), free_port()
    lines = [f"exten => dial,1,Dial(PJSIP/${{CALLERID(num)}}@{CALLEE},20)"]
    for app in APPS:
        lines += [f"exten => {app},1,Stasis({app})", f" same => n,Goto({AWAY},s,1)"]
    lines += handed_over(PATIENT, APPS[0])
    extras = Extras(modules=("app_dial",), dialplan="\n".join([f"[{TRUNKS}](+)", *lines, ""]))
    places = render(settings, runtime, extras=extras)
    password = ari_password(places)
    with (places.etc / "websocket_client.conf").open("a") as file:
        file.write(
            "[out]\ntype = websocket_client\nconnection_type = persistent\nprotocols = ari\n"
            f"uri = ws://{LOOPBACK}:{listen}/ari\nusername = asterisk\npassword = {password}\n"
            "reconnect_interval = 100\nreconnect_attempts = 100000\n"
        )
    with (places.etc / "ari.conf").open("a") as file:
        file.write(
            f"\n[link]\ntype = outbound_websocket\nwebsocket_client_id = out\napps = {APPS[1]}\n"
            f"local_ari_user = {ARI_USER}\n"
        )
    store = RealtimeStore(places.realtime)
    store.put_trunk(SipTrunk("caller", LOOPBACK, sources=(LOOPBACK,)))
    store.put_trunk(SipTrunk("callee", LOOPBACK, callee))
    asterisk = await start_asterisk(runtime, places)
    try:
        yield World(settings, runtime, asterisk, password, callee, listen)
    finally:
        await asterisk.stop()


class App:
    """The application in a process of its own, so that its CPU time can be told apart and it can be killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, world: World, *options: str) -> App:
        """Start it with the options of `ari_transport_app`; returns when calls reach it."""
        app = options[options.index("--socket") + 1]
        words = ["--base-url", world.base_url, "--listen", str(world.listen), "--app", app, "--callee", CALLEE]
        words += ["--user", ARI_USER, "--password", world.password, *options]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.ari_transport_app", *words, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        ready = await process.stdout.readline()
        if ready.strip() != b"ready":
            raise RuntimeError(f"the application {app} did not start")
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def kill(self) -> None:
        """As a crash does."""
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> dict[str, int]:
        """End it; what it sent and received, by name."""
        self._process.send_signal(signal.SIGTERM)
        output, _ = await self._process.communicate()
        counts: dict[str, int] = json.loads(output.splitlines()[-1])
        return counts
