"""Phones from the realtime file: what they cost Asterisk in three ways of reading it (decision 0002).

    python -m bench.sorcery --channels 10000

Prints one table: start-up, memory, CPU and time of a logon and of a refused call, and how long after its creation a
phone can log on.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
import re
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import REALM, RealtimeStore, SipChannel, SipTrunk, render
from centrale.telephony.asterisk.configuration.files import sorcery_conf
from centrale.telephony.asterisk.process import AsteriskProcess, start_asterisk
from centrale.telephony.asterisk.runtime import ensure_runtime

OURS = sorcery_conf()
FETCHED = OURS.replace(",allow_unqualified_fetch=no", "")
"""As Asterisk does by itself: everything is fetched when it starts."""
CACHED = OURS
for _type in ("endpoint", "auth", "aor"):
    _cache = f"{_type}/cache = memory_cache,object_lifetime_maximum=1,maximum_objects=2000\n"
    CACHED = CACHED.replace(f"{_type} = realtime", f"{_cache}{_type} = realtime")
CACHED = CACHED.replace(
    "identify = realtime",
    "identify/cache = memory_cache,object_lifetime_maximum=1,full_backend_cache=yes\nidentify = realtime",
)


class Phone:
    """Just enough SIP over UDP to be challenged and to answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect(("127.0.0.1", port))
        self._port = port
        self._call = 0

    def register(self, name: str, password: str) -> int:
        return self._ask("REGISTER", f"sip:127.0.0.1:{self._port}", name, password)

    def call(self, name: str, password: str) -> int:
        return self._ask("INVITE", f"sip:201@127.0.0.1:{self._port}", name, password)

    def _ask(self, method: str, uri: str, name: str, password: str) -> int:
        self._call += 1
        status, challenge = self._send(method, uri, name, 1, "")
        if status != 401:
            return status
        return self._send(method, uri, name, 2, _answer(challenge, method, uri, name, password))[0]

    def _send(self, method: str, uri: str, name: str, sequence: int, authorization: str) -> tuple[int, str]:
        here = "{}:{}".format(*self._socket.getsockname())
        identity = f"{self._call}-{id(self)}"
        branch = f"z9hG4bK{identity}-{sequence}"
        body = ""
        if method == "INVITE":
            body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"

        def head(verb: str, to_tag: str = "", extra: str = "") -> str:
            return (
                f"{verb} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch={branch};rport\r\nMax-Forwards: 70\r\n"
                f"From: <sip:{name}@127.0.0.1>;tag=a{self._call}\r\n"
                f"To: <sip:{name}@127.0.0.1>{to_tag}\r\nCall-ID: {identity}\r\nCSeq: {sequence} {verb}\r\n"
                f"Contact: <sip:{name}@{here}>\r\n{extra}"
            )

        kind = "Content-Type: application/sdp\r\n" if body else "Expires: 600\r\n"
        self._socket.send(
            (head(method, "", authorization + kind) + f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        )
        while True:
            answer = self._socket.recv(8192).decode()
            status = int(answer.split()[1])
            if f"Call-ID: {identity}\r\n" not in answer or f"CSeq: {sequence} {method}" not in answer or status < 200:
                continue
            if method == "INVITE":
                tag = re.search(r"^To:.*(;tag=\S+)", answer, re.MULTILINE)
                self._socket.send((head("ACK", tag[1] if tag else "") + "Content-Length: 0\r\n\r\n").encode())
            return status, answer


def _answer(challenge: str, method: str, uri: str, name: str, password: str) -> str:
    nonce = re.search(r'nonce="([^"]+)"', challenge)
    assert nonce is not None

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    ha1, ha2 = md5(f"{name}:{REALM}:{password}"), md5(f"{method}:{uri}")
    response = md5(f"{ha1}:{nonce[1]}:00000001:abc:auth:{ha2}")
    return (
        f'Authorization: Digest username="{name}", realm="{REALM}", nonce="{nonce[1]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"\r\n'
    )


def cpu_seconds(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


def measure(pid: int, count: int, act: Callable[[int], int], wanted: int) -> tuple[str, str]:
    """CPU milliseconds of Asterisk for each, and the milliseconds that the phone waited (median, 99th percentile)."""
    before, waits = cpu_seconds(pid), []
    for number in range(count):
        start = time.perf_counter()
        status = act(number)
        waits.append((time.perf_counter() - start) * 1000)
        assert status == wanted, status
    spent = (cpu_seconds(pid) - before) * 1000 / count
    return f"{spent:.2f}", f"{statistics.median(waits):.1f} / {statistics.quantiles(waits, n=100)[98]:.1f}"


async def variant(settings: Settings, channels: int, trunks: int, sorcery: str) -> list[str]:
    runtime = ensure_runtime(settings)
    places = render(settings, runtime)
    (places.etc / "sorcery.conf").write_text(sorcery)
    with (places.etc / "modules.conf").open("a") as modules:
        modules.write("preload = res_sorcery_memory_cache.so\n")
    store = RealtimeStore(places.realtime)
    phones = [SipChannel(f"phone{number}", f"secret{number}") for number in range(channels)]
    lines = [SipTrunk(f"t{n}", "127.0.0.1", 30000 + n, sources=(f"127.0.0.1:{30000 + n}",)) for n in range(trunks)]
    start = time.perf_counter()
    store.sync(phones, lines)
    filled = time.perf_counter() - start
    start = time.perf_counter()
    store.sync(phones, lines)
    compared = time.perf_counter() - start
    start = time.perf_counter()
    process: AsteriskProcess = await start_asterisk(runtime, places, patience=300.0)
    started = time.perf_counter() - start
    start_cpu = cpu_seconds(process.pid)
    try:
        resident = resident_megabytes(process.pid)
        phone = Phone(settings.sip_port)
        chosen = random.Random(1).sample(phones, min(channels, 1000))
        pick = [chosen[n % len(chosen)] for n in range(1000)]
        logon = measure(process.pid, 1000, lambda n: phone.register(pick[n].name, pick[n].password), 200)
        call = measure(process.pid, 1000, lambda n: phone.call(pick[n].name, pick[n].password), 503)
        delays = []
        for number in range(20):
            fresh = SipChannel(f"fresh{number}", "secret")
            start = time.perf_counter()
            store.put_channel(fresh)
            status = phone.register(fresh.name, fresh.password)
            delays.append((time.perf_counter() - start) * 1000)
            assert status == 200, status
        after = resident_megabytes(process.pid)
    finally:
        await process.stop()
    return [
        f"{filled:.2f} / {compared:.2f}",
        f"{started:.2f} / {start_cpu:.2f}",
        f"{resident} / {after}",
        *logon,
        *call,
        f"{statistics.median(delays):.1f} / {max(delays):.1f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=10_000)
    parser.add_argument("--trunks", type=int, default=5)
    chosen = parser.parse_args()
    columns = {}
    for title, sorcery in (("ours", OURS), ("all fetched at the start", FETCHED), ("memory cache, 1 s", CACHED)):
        with tempfile.TemporaryDirectory() as home:
            settings = Settings(home=Path(home), sip_port=25080, ari_port=25088)
            columns[title] = asyncio.run(variant(settings, chosen.channels, chosen.trunks, sorcery))
    rows = (
        "fill / compare the file, s",
        "Asterisk's start, s / CPU s",
        "memory after start / at the end, MB",
        "logon: CPU ms",
        "logon: ms, p50 / p99",
        "call up to the dialplan's end: CPU ms",
        "call: ms, p50 / p99",
        "created → logged on, ms, p50 / worst",
    )
    table = Table("", *columns, title=f"{chosen.channels} phones, {chosen.trunks} trunks")
    for row, *cells in zip(rows, *columns.values(), strict=True):
        table.add_row(row, *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
