"""What only one program can have: ports and the home."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from centrale.operation.home_lock import HomeInUse, hold_home, supervisor_of
from centrale.operation.ports import PortNeed, asterisk_ports, taken_ports, web_ports
from centrale.phones.tools import free_port
from centrale.settings import Settings

ME = f"(process {os.getpid()})"


def need(port: int, kind: socket.SocketKind = socket.SOCK_STREAM, address: str = "127.0.0.1") -> PortNeed:
    return PortNeed("SIP", address, port, kind, "CENTRALE_SIP_PORT")


def test_a_free_port_is_no_obstacle() -> None:
    assert taken_ports([need(free_port()), need(free_port(socket.SOCK_DGRAM), socket.SOCK_DGRAM)]) == []


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_taken_port_is_told_with_who_has_it_and_which_setting_chooses_another(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        (taken,) = taken_ports([need(port, kind)])
    protocol = "TCP" if kind is socket.SOCK_STREAM else "UDP"
    assert str(taken).startswith(f"SIP {protocol} 127.0.0.1:{port}: taken by ")
    assert ME in str(taken)
    assert str(taken).endswith("choose another with CENTRALE_SIP_PORT")


def test_who_holds_all_addresses_holds_ours() -> None:
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::", 0))
        other.listen()
        (taken,) = taken_ports([need(other.getsockname()[1])])
    assert ME in str(taken)


def test_udp_and_tcp_are_two_ports() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        assert taken_ports([need(other.getsockname()[1])]) == []


def test_connections_that_linger_after_a_stop_are_no_obstacle() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the programs that we start do
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = server.accept()
            accepted.close()
    assert taken_ports([need(port)]) == []


def test_an_address_that_this_machine_does_not_have_is_told_as_such() -> None:
    (taken,) = taken_ports([need(5080, address="192.0.2.1")])
    assert taken.holder is None
    assert "Cannot assign requested address" in str(taken)


def test_ipv6_is_tried_as_such() -> None:
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert [taken.need for taken in taken_ports([need(port, address="::1")])] == [need(port, address="::1")]


def test_everything_that_an_exchange_listens_on_follows_its_settings(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, bind=ip_address("0.0.0.0"), sip_port=5061, ari_port=5062, http_port=5063)
    needs = [(str(need), need.setting) for need in asterisk_ports(settings) + web_ports(settings)]
    assert needs == [
        ("SIP UDP 0.0.0.0:5061", "CENTRALE_SIP_PORT"),
        ("SIP TCP 0.0.0.0:5061", "CENTRALE_SIP_PORT"),
        ("ARI TCP 127.0.0.1:5062", "CENTRALE_ARI_PORT"),
        ("Portal TCP 0.0.0.0:5063", "CENTRALE_HTTP_PORT"),
    ]


def test_a_home_has_one_supervisor(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with hold_home(home):
        assert supervisor_of(home) == os.getpid()
        with pytest.raises(HomeInUse) as refusal, hold_home(home):
            raise AssertionError("two of them")
        assert f"process {os.getpid()}" in str(refusal.value)
        assert "CENTRALE_HOME" in str(refusal.value)
        assert supervisor_of(home) == os.getpid(), "the refused one has changed nothing"
    assert supervisor_of(home) is None
    with hold_home(home):
        assert supervisor_of(home) == os.getpid()


def test_another_home_is_free(tmp_path: Path) -> None:
    with hold_home(tmp_path / "a"), hold_home(tmp_path / "b"):
        assert supervisor_of(tmp_path / "c") is None


def test_a_supervisor_that_was_killed_leaves_the_home_free(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from centrale.operation.home_lock import hold_home\n"
        "with hold_home(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert (tmp_path / "supervisor.lock").read_text().isdigit(), "its number still stands there"
    assert supervisor_of(tmp_path) is None
    with hold_home(tmp_path):
        assert supervisor_of(tmp_path) == os.getpid()
