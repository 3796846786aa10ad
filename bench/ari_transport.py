"""Which way of talking to Asterisk costs least? The experiment behind docs/decisions/0003-ari-transport.md.

    python bench/ari_transport.py --runtime DIR [--rate 50] [--seconds 12] [--rounds 2] [--only NAME ...]

DIR is an extracted Asterisk 22 runtime with sipp. Starts one Asterisk of its own on loopback, then runs every variant
in turn, several rounds, against the same Asterisk: sipp caller -> Asterisk -> sipp callee, calls of three seconds,
signalling only. Prints per variant: CPU-ms per call in Asterisk and in Python (utime + stime of /proc/PID/stat) and
the post-dial delay, INVITE in -> INVITE out, as both sipp processes logged it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

APP = Path(__file__).with_name("ari_transport_app.py")
SIP, HTTP, LISTEN, CALLEE = 15180, 18188, 18865, 15190
PASSWORD = os.urandom(12).hex()
pause = time.sleep  # noqa: TID251 - the bench itself waits for real processes
MODULES = (
    "pbx_config app_dial app_stasis func_callerid res_http_websocket res_websocket_client res_stasis "
    "res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop res_ari res_ari_model "
    "res_ari_applications res_ari_bridges res_ari_channels res_ari_events res_sorcery_config "
    "res_sorcery_memory res_sorcery_astdb res_timing_timerfd res_pjproject res_pjsip res_pjsip_session "
    "res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_endpoint_identifier_ip res_pjsip_caller_id res_pjsip_rfc3326 "
    "chan_pjsip res_rtp_asterisk bridge_simple bridge_native_rtp bridge_softmix bridge_holding codec_alaw "
)

SOCKET = ["--socket", "inbound", "--requests", "socket"]
VARIANTS: dict[str, list[str] | None] = {
    "Dial()": None,
    "a inbound + HTTP": ["--socket", "inbound", "--requests", "http", "--filter"],
    "b inbound + REST over it": [*SOCKET, "--filter"],
    "c outbound + REST over it": ["--socket", "outbound", "--requests", "socket", "--filter"],
    "d outbound + HTTP": ["--socket", "outbound", "--requests", "http", "--filter"],
    "b, create+dial pipelined": [*SOCKET, "--filter", "--dial", "pipelined"],
    "b, originate": [*SOCKET, "--filter", "--dial", "originate"],
    "b, all events": [*SOCKET],
    "b, asyncio loop": [*SOCKET, "--filter", "--loop", "asyncio"],
}

CALLER_XML = """<?xml version="1.0"?><scenario name="caller">
<nop><action><gettimeofday assign_to="1,2"/><log message="[call_number] [$1] [$2]"/></action></nop>
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[call_number]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[call_number]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:[call_number]@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<pause milliseconds="3000"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:[call_number]@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/></scenario>"""

CALLEE_XML = """<?xml version="1.0"?><scenario name="callee">
<recv request="INVITE" crlf="true"><action>
<ereg regexp="sip:([0-9]+)@" search_in="hdr" header="From:" assign_to="9,3"/>
<gettimeofday assign_to="1,2"/><log message="[$3] [$1] [$2]"/></action></recv>
<Reference variables="9"/>
<send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0

]]></send>
<pause milliseconds="300"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
<recv request="ACK"/>
<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send></scenario>"""


def configuration(home: Path, root: Path) -> None:
    """Write the configuration of an Asterisk that has no more than the experiment needs."""
    lib = root / "usr/lib/x86_64-linux-gnu"
    files = {
        "asterisk.conf": f"""[directories]
astetcdir => {home}\nastmoddir => {lib}/asterisk/modules\nastvarlibdir => {home}\nastdbdir => {home}
astkeydir => {home}\nastdatadir => {root}/usr/share/asterisk\nastspooldir => {home}\nastrundir => {home}
astlogdir => {home}\n""",
        "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load={m}.so\n" for m in MODULES.split()),
        "logger.conf": "[general]\n[logfiles]\nmessages => warning,error\n",
        "http.conf": f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={HTTP}\nsessionlimit=200\n"
        "session_keep_alive=60000\n",
        "websocket_client.conf": "[out]\ntype=websocket_client\nconnection_type=persistent\nprotocols=ari\n"
        f"uri=ws://127.0.0.1:{LISTEN}/ari\nusername=asterisk\npassword={PASSWORD}\nreconnect_interval=200\n"
        "reconnect_attempts=1000\n",
        "ari.conf": f"[general]\nenabled=yes\n[bench]\ntype=user\npassword={PASSWORD}\n[link]\n"
        "type=outbound_websocket\nwebsocket_client_id=out\napps=outbound\nlocal_ari_user=bench\n",
        "pjsip.conf": f"""[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:{SIP}
[caller]\ntype=endpoint\ncontext=in\nallow=!all,alaw\ndirect_media=no
[caller]\ntype=identify\nendpoint=caller\nmatch=127.0.0.1
[uas]\ntype=endpoint\ncontext=in\nallow=!all,alaw\ndirect_media=no\naors=uas
[uas]\ntype=aor\ncontact=sip:uas@127.0.0.1:{CALLEE}\n""",
        "extensions.conf": "[in]\nexten => dial,1,Dial(PJSIP/uas,20)\n"
        "exten => inbound,1,Stasis(inbound)\nexten => outbound,1,Stasis(outbound)\n",
        "rtp.conf": "[general]\nrtpstart=40000\nrtpend=44000\n",
        "cdr.conf": "[general]\nenable=no\n",
        "cel.conf": "[general]\nenable=no\n",
        "caller.xml": CALLER_XML,
        "callee.xml": CALLEE_XML,
    }
    files |= dict.fromkeys(("features.conf", "acl.conf", "udptl.conf", "pjproject.conf", "ccss.conf"), "")
    for name, text in files.items():
        (home / name).write_text(text)


def cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    calls: int = 0
    failed: int = 0
    asterisk_ms: float = 0
    python_ms: float = 0
    delays_ms: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class Bench:
    def __init__(self, options: argparse.Namespace, home: Path) -> None:
        self.options, self.home = options, home
        self.root = Path(options.runtime).resolve()
        lib = self.root / "usr/lib/x86_64-linux-gnu"
        self.loader = [str(lib / "ld-linux-x86-64.so.2"), "--library-path", str(lib)]
        self.children: list[subprocess.Popen[str]] = []

    def start(self, *command: str, **kwargs: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(  # type: ignore[call-overload]
            command, cwd=self.home, text=True, stdin=subprocess.DEVNULL, **kwargs
        )
        self.children.append(child)
        return child

    def stop(self, child: subprocess.Popen[str]) -> None:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
        self.children.remove(child)

    def asterisk(self) -> subprocess.Popen[str]:
        configuration(self.home, self.root)
        quiet = subprocess.DEVNULL
        program = [*self.loader, str(self.root / "usr/sbin/asterisk"), "-C", str(self.home / "asterisk.conf")]
        child = self.start(*program, "-f", stdout=quiet, stderr=quiet)
        for _ in range(100):
            pause(0.1)
            asked = [*program, "-rx", "core waitfullybooted"]
            if "fully booted" in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
                return child
        raise SystemExit(f"Asterisk did not start: {(self.home / 'messages').read_text()}")

    def sipp(self, *arguments: str, log: str) -> subprocess.Popen[str]:
        (self.home / log).unlink(missing_ok=True)
        program = [*self.loader, str(self.root / "usr/bin/sipp"), "-i", "127.0.0.1", "-nostdin", "-trace_logs"]
        quiet = subprocess.DEVNULL
        return self.start(*program, "-log_file", log, *arguments, stdout=quiet, stderr=quiet)

    def measure(self, asterisk: int, name: str, arguments: list[str] | None, result: Result) -> None:
        service, app = "dial", None
        if arguments is not None:
            service = arguments[arguments.index("--socket") + 1]
            common = ["--base-url", f"http://127.0.0.1:{HTTP}", "--listen", str(LISTEN), "--app", service]
            secret = ["--user", "bench", "--password", PASSWORD]
            app = self.start(sys.executable, str(APP), *arguments, *common, *secret, stdout=subprocess.PIPE)
            assert app.stdout
            assert app.stdout.readline().strip() == "ready", f"{name}: the application did not start"
        callee = self.sipp("-sf", "callee.xml", "-p", str(CALLEE), "-mp", "46000", log="callee.log")
        total = self.options.rate * self.options.seconds
        pause(0.5)
        before = cpu_ms(asterisk), cpu_ms(app.pid) if app else 0.0
        load = ["-sf", "caller.xml", "-s", service, "-r", str(self.options.rate), "-m", str(total), "-p", "15191"]
        limits = ["-recv_timeout", "8000", "-timeout", f"{self.options.seconds + 10}s"]
        caller = self.sipp(*load, *limits, "-mp", "47000", f"127.0.0.1:{SIP}", log="caller.log")
        caller.wait(self.options.seconds + 30)
        pause(0.5)
        result.asterisk_ms += cpu_ms(asterisk) - before[0]
        result.python_ms += (cpu_ms(app.pid) if app else 0.0) - before[1]
        self.stop(callee)
        self.children.remove(caller)
        if app:
            self.stop(app)
            assert app.stdout
            for key, count in json.loads(app.stdout.read().splitlines()[-1]).items():
                result.counts[key] = result.counts.get(key, 0) + count
        sent, received = (self.instants(log) for log in ("caller.log", "callee.log"))
        result.calls += total
        result.failed += total - len(received)
        result.delays_ms += [(received[number] - at) * 1000 for number, at in sent.items() if number in received]

    def instants(self, log: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for number, seconds, micros in re.findall(r"(\d+) (\d+)\.?\d* (\d+)", (self.home / log).read_text()):
            found.setdefault(number, int(seconds) + int(micros) / 1e6)
        return found

    def run(self) -> None:
        asterisk = self.asterisk()
        results = {name: Result() for name in VARIANTS if not self.options.only or name in self.options.only}
        for _ in range(self.options.rounds):
            for name, result in results.items():
                self.measure(asterisk.pid, name, VARIANTS[name], result)
        print(f"{self.options.rate} calls/s, {self.options.rounds} x {self.options.seconds} s each")
        print(f"{'':28}{'Asterisk':>9}{'Python':>8}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}{'failed':>7}  per call")
        yardstick = results.get("Dial()")
        for name, result in results.items():
            spent = (result.asterisk_ms + result.python_ms) / result.calls
            base = yardstick.asterisk_ms / yardstick.calls if yardstick else spent
            cuts = statistics.quantiles(result.delays_ms or [0.0, 0.0], n=100)
            counts = {key: round(count / result.calls, 1) for key, count in result.counts.items()}
            print(
                f"{name:28}{result.asterisk_ms / result.calls:9.2f}{result.python_ms / result.calls:8.2f}"
                f"{spent / base:7.2f}{cuts[49]:8.1f}{cuts[98]:8.1f}{result.failed:7}  {counts or ''}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*")
    with tempfile.TemporaryDirectory(prefix="ari-bench-") as directory:
        bench = Bench(parser.parse_args(), Path(directory))
        try:
            bench.run()
        finally:
            for child in list(bench.children):
                bench.stop(child)
