"""Renders all that Asterisk has to know before it starts. What changes while it runs goes through `RealtimeStore`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import files
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION, render_dialplan
from centrale.telephony.asterisk.configuration.files import ARI_USER
from centrale.telephony.asterisk.configuration.music import MusicStore, Playlist
from centrale.telephony.asterisk.configuration.objects import (
    REALM,
    Dtmf,
    SipChannel,
    SipTrunk,
    Transport,
    digest_ha1,
    pushed_objects,
)
from centrale.telephony.asterisk.configuration.places import Places
from centrale.telephony.asterisk.configuration.realtime import Changes, RealtimeStore

__all__ = [
    "APPLICATION",
    "ARI_USER",
    "REALM",
    "Changes",
    "Dtmf",
    "Extras",
    "MusicStore",
    "Places",
    "Playlist",
    "RealtimeStore",
    "SipChannel",
    "SipTrunk",
    "Transport",
    "ari_password",
    "digest_ha1",
    "files_that_differ",
    "pushed_objects",
    "render",
]


@dataclass(frozen=True, slots=True)
class Extras:
    """What measurements and tests add: modules, contexts and sections beside ours."""

    modules: tuple[str, ...] = ()
    dialplan: str = ""
    pjsip: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """Whole files, by name; also instead of ours."""


def render(settings: Settings, runtime: Runtime, apology: Path | None = None, extras: Extras | None = None) -> Places:
    """Write every file and folder that Asterisk needs; what was rendered before is replaced, file by file.

    `apology`: prompt without file type, for calls that come while our process is away. Raises OSError.
    """
    places = Places(settings.home.resolve())
    places.make()
    RealtimeStore(places.realtime)
    MusicStore(places.realtime)
    places.music.mkdir(exist_ok=True)
    for name, text in _texts(settings, runtime, places, apology, extras or Extras()).items():
        _write_private(places.etc / name, text)
    return places


def files_that_differ(settings: Settings, runtime: Runtime, apology: Path | None = None) -> set[str]:
    """The names of the files that `render` would change now: a running Asterisk was started with the others."""
    places = Places(settings.home.resolve())
    wanted = _texts(settings, runtime, places, apology, Extras())
    return {name for name, text in wanted.items() if _text_of(places.etc / name) != text}


def _texts(
    settings: Settings, runtime: Runtime, places: Places, apology: Path | None, extras: Extras
) -> dict[str, str]:
    return {
        "asterisk.conf": files.asterisk_conf(places, runtime),
        "modules.conf": files.modules_conf(extras.modules),
        "http.conf": files.http_conf(settings),
        "ari.conf": files.ari_conf(ari_password(places)),
        "pjsip.conf": files.pjsip_conf(settings) + "\n" + extras.pjsip,
        "sorcery.conf": files.sorcery_conf(),
        "extconfig.conf": files.extconfig_conf(),
        "res_config_sqlite3.conf": files.sqlite_conf(places),
        "rtp.conf": files.rtp_conf(settings),
        "logger.conf": files.logger_conf(places),
        "musiconhold.conf": files.musiconhold_conf(places),
        "stasis.conf": files.stasis_conf(),
        "extensions.conf": render_dialplan(apology, extras.dialplan),
        **files.silenced(),
        **extras.files,
    }


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def ari_password(places: Places) -> str:
    """The password of ARI, made at first use and kept in the home, readable by its owner only."""
    path = places.ari_password
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    """Replace a file whole, readable by its owner only from its first moment."""
    own = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    own.replace(path)
