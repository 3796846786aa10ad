"""The configuration files of a baresip phone without sound card: one account, one tone, one pipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from centrale.phones.phone import PhoneError
from centrale.phones.tools import LOOPBACK, Toolbox

Transport = Literal["udp", "tcp"]
Codec = Literal["pcma", "pcmu", "g722"]
Dtmf = Literal["rtpevent", "info"]
"""How keys travel: RFC 4733 events in RTP, or SIP INFO."""


@dataclass(frozen=True)
class BaresipAccount:
    """Where the phone belongs and how it makes itself known there."""

    username: str
    password: str = ""
    server: str = LOOPBACK
    port: int = 5080
    transport: Transport = "udp"
    display_name: str = ""
    codecs: Sequence[Codec] = ("pcma", "pcmu")
    dtmf: Dtmf = "rtpevent"
    answers_by_itself: bool = False

    def uri(self, user: str) -> str:
        """The SIP URI of a user (or a dialled number) at this account's server; baresip adds the transport."""
        # RFC 3261 §25.1: a # has to be escaped in the user part, * may stand as it is.
        return f"sip:{user.replace('#', '%23')}@{self.server}:{self.port}"

    def line(self, *, registration_s: int) -> str:
        """The account as baresip reads it; `registration_s` 0 for a phone that does not register."""
        parameters = [
            f"regint={registration_s}",
            f"audio_codecs={','.join(_CODEC_NAMES[codec] for codec in self.codecs)}",
            f"dtmfmode={self.dtmf}",
            f"answermode={'auto' if self.answers_by_itself else 'manual'}",
            "mwi=no",
        ]
        if self.password:
            parameters += [f"auth_user={self.username}", f"auth_pass={self.password}"]
        name = f'"{self.display_name}" ' if self.display_name else ""
        return f"{name}<{self.uri(self.username)};transport={self.transport}>;" + ";".join(parameters)


_CODEC_NAMES = {"pcma": "PCMA/8000/1", "pcmu": "PCMU/8000/1", "g722": "G722/16000/1"}


def module_folder(toolbox: Toolbox) -> Path:
    """Where baresip's modules are; raises `PhoneError` when they are not there, for baresip itself would not."""
    folder = toolbox.baresip_modules
    if not (folder / "ctrl_tcp.so").exists():
        raise PhoneError(
            f"baresip's modules are not in {folder}: run `centrale doctor` to see whether the test phones are installed"
        )
    return folder


def write_config(
    folder: Path, *, modules: Path, tone: int, loudspeaker: Path, sip_port: int, control_port: int
) -> None:
    """Write what baresip reads at its start. The account comes later, over the control connection."""
    (folder / "config").write_text(
        "\n".join(
            (
                f"sip_listen {LOOPBACK}:{sip_port}",
                f"net_interface {LOOPBACK}",
                f"ctrl_tcp_listen {LOOPBACK}:{control_port}",
                "call_local_timeout 3600",
                "call_max_calls 16",
                # Ring and busy tones are for people: none of these files exists.
                f"audio_path {folder}",
                "ringback_disabled yes",
                "statmode_default off",
                f"audio_player aufile,{loudspeaker}",
                # baresip's sine generator knows 48 kHz only; it is resampled for the codec.
                f"audio_source ausine,{tone}",
                "ausrc_srate 48000",
                "jitter_buffer_type off",
                "rtp_ports 40000-49999",
                f"module_path {modules}",
                *(f"module {name}.so" for name in ("g711", "g722", "ausine", "aufile")),
                *(f"module_app {name}.so" for name in ("menu", "ctrl_tcp")),
                "",
            )
        )
    )
    (folder / "accounts").touch()
    (folder / "contacts").touch()
