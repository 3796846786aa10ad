"""The smallest Asterisk on which phones can be tried: a few endpoints and a dialplan, no Centrale."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path
from signal import SIGKILL
from socket import SOCK_DGRAM
from types import TracebackType
from typing import Self

from centrale.phones.tools import LOOPBACK, free_port
from centrale.runtime import Runtime
from centrale.runtime.lifetime import ends_with_us

USERS = {"anna": "101", "ben": "102", "carl": "103"}
PASSWORD = "only-for-this-test"
CARRIER = "Carrier"
"""What the carrier says in User-Agent; this exchange knows it by that."""

MODULES = """
pbx_config func_callerid app_dial app_echo app_read app_milliwatt codec_alaw codec_ulaw codec_g722 codec_resample
bridge_simple bridge_native_rtp chan_pjsip res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb
res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_registrar res_pjsip_authenticator_digest
res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip res_pjsip_caller_id res_pjsip_diversion
res_pjsip_rfc3326 res_pjsip_dtmf_info res_rtp_asterisk res_timing_timerfd
"""

DIALPLAN = """
[phones]
exten => 101,1,Dial(PJSIP/anna)
exten => 102,1,Dial(PJSIP/ben)
exten => 103,1,Dial(PJSIP/carl)
exten => 300,1,Set(CALLERID(name)=Sales ${CALLERID(name)})
 same => n,Dial(PJSIP/ben&PJSIP/carl)
exten => 800,1,Answer()
 same => n,Read(number,,3,,1,10)
 same => n,Goto(${number},1)
exten => 801,1,Answer()
 same => n,Milliwatt()
exten => 802,1,Answer()
 same => n,Wait(30)
exten => 803,1,Hangup(17)
exten => 804,1,Echo()
exten => _0.,1,Dial(PJSIP/${EXTEN}@carrier)
"""


class TinyExchange:
    """Asterisk with phones anna (101), ben (102), carl (103), an IP-authenticated carrier, and some test numbers."""

    def __init__(self, runtime: Runtime, folder: Path) -> None:
        self._runtime = runtime
        self._folder = folder
        self.port = free_port(SOCK_DGRAM)
        self.carrier_port = free_port(SOCK_DGRAM)
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        self._write_configuration()
        command = (*self._runtime.command("asterisk"), "-f", "-vvv", "-C", str(self._folder / "asterisk.conf"))
        self._process = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, stderr=STDOUT, preexec_fn=ends_with_us(SIGKILL)
        )
        assert self._process.stdout is not None
        printed = []
        async with asyncio.timeout(20):
            while line := await self._process.stdout.readline():
                printed.append(line.decode(errors="replace"))
                if "Asterisk Ready" in printed[-1]:
                    self._draining = asyncio.create_task(self._process.stdout.read())
                    return self
        raise AssertionError("Asterisk did not start:\n" + "".join(printed[-30:]))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        await self._draining

    def _write_configuration(self) -> None:
        folder = self._folder
        rtp = free_port(SOCK_DGRAM) & ~1
        files = {
            "asterisk.conf": f"""
[directories]
astetcdir => {folder}
astmoddir => {self._runtime.module_dir}
astvarlibdir => {folder}
astdbdir => {folder}
astdatadir => {self._runtime.data_dir}
astspooldir => {folder}
astrundir => {folder}
astlogdir => {folder}
astkeydir => {folder}
""",
            "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load = {name}.so\n" for name in MODULES.split()),
            "logger.conf": "[logfiles]\nconsole => warning,error,verbose(3)\n",
            "rtp.conf": f"[general]\nrtpstart={rtp}\nrtpend={min(rtp + 200, 65535)}\n",
            "extensions.conf": DIALPLAN,
            "pjsip.conf": self._pjsip(),
        }
        for name, text in files.items():
            (folder / name).write_text(text)

    def _pjsip(self) -> str:
        transports = "".join(
            f"[{kind}]\ntype=transport\nprotocol={kind}\nbind={LOOPBACK}:{self.port}\n\n" for kind in ("udp", "tcp")
        )
        phones = "".join(
            f"""
[{name}]
type=endpoint
context=phones
disallow=all
allow=alaw,ulaw,g722
auth={name}
aors={name}
direct_media=no
send_pai=yes
dtmf_mode=auto
callerid={name.title()} <{number}>

[{name}]
type=auth
auth_type=digest
username={name}
password={PASSWORD}

[{name}]
type=aor
max_contacts=1
remove_existing=yes
"""
            for name, number in USERS.items()
        )
        carrier = f"""
[carrier]
type=endpoint
context=phones
disallow=all
allow=alaw
aors=carrier
direct_media=no
send_pai=yes
trust_id_inbound=yes

[carrier]
type=aor
contact=sip:{LOOPBACK}:{self.carrier_port}

[carrier]
type=identify
endpoint=carrier
match_header=User-Agent: {CARRIER}
"""
        return transports + phones + carrier
