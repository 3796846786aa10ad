"""What Asterisk is told before it starts: each file, and why it is as it is."""

from __future__ import annotations

import os
import stat
from ipaddress import ip_address
from pathlib import Path

import pytest
from conf import RUNTIME, rendered, sections

from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, Places, ari_password, files_that_differ, render


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", sip_port=5070, ari_port=5098, rtp_from=20000, rtp_to=20199)


def test_everything_that_asterisk_writes_lies_in_the_home() -> None:
    settings = Settings(home=Path("/srv/home"))  # short: a socket's path has a limit, and lies elsewhere beyond it
    folders = dict(sections(rendered(settings)["asterisk.conf"])["directories"])
    shipped = {"astmoddir": str(RUNTIME.module_dir), "astdatadir": str(RUNTIME.data_dir)}
    own = {name: folder for name, folder in folders.items() if name not in shipped}
    assert shipped.items() <= folders.items()
    assert all(Path(folder).is_relative_to(settings.home) for folder in own.values())
    assert all(Path(folder).is_dir() for folder in own.values()), "Asterisk makes none of them itself"


def test_no_console_and_no_channel_reaches_a_shell(settings: Settings) -> None:
    options = sections(rendered(settings)["asterisk.conf"])["options"]
    assert ("live_dangerously", "no") in options
    assert ("disable_remote_console_shell", "yes") in options


def test_only_what_is_on_the_list_is_loaded(settings: Settings) -> None:
    lines = sections(rendered(settings)["modules.conf"])["modules"]
    assert lines[0] == ("autoload", "no")
    modules = [name for _, name in lines[1:]]
    assert len(modules) == len(set(modules))
    never = {"app_dial", "app_queue", "app_voicemail", "app_system", "app_mixmonitor", "func_shell", "func_curl"}
    never |= {"res_agi", "res_parking", "cdr_csv", "cel_custom", "pbx_lua", "chan_iax2", "res_phoneprov"}
    assert not {f"{name}.so" for name in never} & set(modules)
    assert not [name for name in modules if name.endswith("_test.so") or name.startswith("test_")]


def test_where_objects_live_is_loaded_before_whoever_asks_for_objects(settings: Settings) -> None:
    lines = sections(rendered(settings)["modules.conf"])["modules"]
    preloaded = [name for kind, name in lines if kind == "preload"]
    assert {"res_sorcery_realtime.so", "res_sorcery_astdb.so", "res_config_sqlite3.so"} <= set(preloaded)


def test_ari_listens_on_this_machine_only_however_open_the_exchange_is(tmp_path: Path) -> None:
    files = rendered(Settings(home=tmp_path, bind=ip_address("0.0.0.0"), ari_port=5099))
    http = dict(sections(files["http.conf"])["general"])
    assert (http["bindaddr"], http["bindport"], http["enable_static"]) == ("127.0.0.1", "5099", "no")
    user = sections(files["ari.conf"])["centrale"]
    assert user.index(("deny", "0.0.0.0/0.0.0.0")) < user.index(("permit", "127.0.0.1/255.255.255.255"))


def test_the_password_of_ari_is_made_once_and_is_each_homes_own(settings: Settings, tmp_path: Path) -> None:
    first, again = rendered(settings)["ari.conf"], rendered(settings)["ari.conf"]
    other = rendered(Settings(home=tmp_path / "other"))["ari.conf"]
    password = dict(sections(first)["centrale"])["password"]
    assert first == again
    assert other != first
    assert len(password) >= 32
    assert password == ari_password(Places(settings.home.resolve()))


def test_what_holds_secrets_can_be_read_by_its_owner_only(settings: Settings) -> None:
    places = render(settings, RUNTIME)
    secrets = [places.ari_password, places.realtime, *places.etc.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    folders = [places.base, places.run, places.ari_password.parent]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_phones_reach_it_by_udp_and_tcp_on_the_set_port(settings: Settings) -> None:
    pjsip = sections(rendered(settings)["pjsip.conf"])
    for transport in ("udp", "tcp"):
        assert {("protocol", transport), ("bind", "127.0.0.1:5070")} <= set(pjsip[transport])
    assert not [name for name, _ in pjsip["udp"] if name.startswith("external")]


def test_an_ipv6_address_stands_in_brackets(tmp_path: Path) -> None:
    pjsip = sections(rendered(Settings(home=tmp_path, bind=ip_address("::1")))["pjsip.conf"])
    assert ("bind", "[::1]:5080") in pjsip["udp"]


def test_behind_a_router_the_public_address_is_shown_to_those_outside(tmp_path: Path) -> None:
    outside = Settings(home=tmp_path, bind=ip_address("0.0.0.0"), external_address="198.51.100.7", sip_port=5090)
    pjsip = sections(rendered(outside)["pjsip.conf"])
    for transport in ("udp", "tcp"):
        lines = pjsip[transport]
        assert ("external_signaling_address", "198.51.100.7") in lines
        assert ("external_media_address", "198.51.100.7") in lines
        assert ("external_signaling_port", "5090") in lines
        assert ("local_net", "192.168.0.0/16") in lines


def test_a_carriers_address_counts_before_any_name_and_nobody_is_anonymous(settings: Settings) -> None:
    pjsip = sections(rendered(settings)["pjsip.conf"])
    assert ("endpoint_identifier_order", "ip,username") in pjsip["global"]
    assert set(pjsip) == {"global", "system", "udp", "tcp"}, "phones and trunks live in the realtime file"


def test_objects_come_from_the_tables_of_the_realtime_file(settings: Settings) -> None:
    files = rendered(settings)
    sorcery = [line for section in sections(files["sorcery.conf"]).values() for line in section]
    tables = {value.split(",")[1] for _, value in sorcery if value.startswith("realtime,")}
    databases = dict(sections(files["extconfig.conf"])["settings"])
    assert tables == {"ps_endpoints", "ps_auths", "ps_aors", "ps_endpoint_id_ips"}
    assert set(databases) == tables | {"musiconhold", "musiconhold_entry"}
    assert set(databases.values()) == {"sqlite3,centrale"}
    database = dict(sections(files["res_config_sqlite3.conf"])["centrale"])
    assert database["dbfile"] == str(Places(settings.home.resolve()).realtime)
    assert database["batch"] == "0", "an open transaction would never see what we write"


@pytest.mark.parametrize("kind", ["endpoint", "auth", "aor"])
def test_nobody_asks_for_ten_thousand_phones_at_once(settings: Settings, kind: str) -> None:
    sources = [value for name, value in sections(rendered(settings)["sorcery.conf"])["res_pjsip"] if name == kind]
    realtime = [source for source in sources if source.startswith("realtime,")]
    assert len(realtime) == 1
    assert realtime[0].endswith(",allow_unqualified_fetch=no")


def test_registered_phones_survive_a_restart_of_asterisk(settings: Settings) -> None:
    assert ("contact", "astdb,registrar") in sections(rendered(settings)["sorcery.conf"])["res_pjsip"]


def test_sound_takes_the_set_ports_and_a_stream_cannot_be_taken_over(settings: Settings) -> None:
    rtp = dict(sections(rendered(settings)["rtp.conf"])["general"])
    assert (rtp["rtpstart"], rtp["rtpend"], rtp["strictrtp"]) == ("20000", "20199", "yes")


def test_the_log_holds_complaints_and_never_a_message_with_credentials(settings: Settings) -> None:
    logs = sections(rendered(settings)["logger.conf"])["logfiles"]
    assert logs == [(str(settings.home / "log" / "asterisk.log"), "notice,warning,error")]


def test_music_on_hold_is_what_lies_in_the_homes_music_folder(settings: Settings) -> None:
    music = dict(sections(rendered(settings)["musiconhold.conf"])["default"])
    assert music == {"mode": "files", "directory": str(settings.home / "music")}
    assert Path(music["directory"]).is_dir()


def test_messages_that_nobody_listens_to_are_not_made(settings: Settings) -> None:
    declined = sections(rendered(settings)["stasis.conf"])["declined_message_types"]
    assert ("decline", "ast_channel_varset_type") in declined


@pytest.mark.parametrize(
    ("name", "switched_off"),
    [
        ("manager.conf", ("enabled", "no")),
        ("cdr.conf", ("enable", "no")),
        ("cel.conf", ("enable", "no")),
    ],
)
def test_what_we_do_not_use_is_off(settings: Settings, name: str, switched_off: tuple[str, str]) -> None:
    assert sections(rendered(settings)[name])["general"] == [switched_off]


def test_bench_and_tests_may_add_to_what_is_rendered(settings: Settings) -> None:
    extras = Extras(("app_dial",), "[plain]\nexten => _X.,1,Dial(PJSIP/${EXTEN})\n", "[sipp]\ntype = endpoint\n")
    files = rendered(settings, extras=extras)
    assert ("load", "app_dial.so") in sections(files["modules.conf"])["modules"]
    assert "plain" in sections(files["extensions.conf"])
    assert sections(files["pjsip.conf"])["sipp"] == [("type", "endpoint")]


def test_rendering_again_replaces_and_leaves_no_half_file(settings: Settings) -> None:
    rendered(settings)
    moved = settings.model_copy(update={"sip_port": 5071})
    files = rendered(moved)
    assert "127.0.0.1:5071" in files["pjsip.conf"]
    assert not [name for name in files if name.startswith(".")]


def test_what_a_change_of_settings_touches_is_known_beforehand(settings: Settings, tmp_path: Path) -> None:
    everything = files_that_differ(settings, RUNTIME)
    render(settings, RUNTIME)
    assert {"asterisk.conf", "pjsip.conf", "manager.conf"} <= everything
    assert files_that_differ(settings, RUNTIME) == set()
    assert files_that_differ(settings.model_copy(update={"sip_port": 5071}), RUNTIME) == {"pjsip.conf"}
    assert files_that_differ(settings.model_copy(update={"ari_port": 5097}), RUNTIME) == {"http.conf"}
    assert files_that_differ(settings.model_copy(update={"rtp_to": 20299}), RUNTIME) == {"rtp.conf"}
    assert files_that_differ(settings, RUNTIME, tmp_path / "sorry") == {"extensions.conf"}


def test_two_exchanges_share_no_file_and_no_port(tmp_path: Path) -> None:
    first = Settings(home=tmp_path / "first")
    second = Settings(home=tmp_path / "second", sip_port=5081, ari_port=5089, rtp_from=16000, rtp_to=17999)
    ours, theirs = rendered(first), rendered(second)
    assert all(str(second.home) not in text for text in ours.values())
    assert all(str(first.home) not in text for text in theirs.values())
    for name in ("pjsip.conf", "http.conf", "rtp.conf", "ari.conf", "asterisk.conf"):
        assert ours[name] != theirs[name]


def test_a_home_with_a_long_path_keeps_its_control_socket_in_a_short_one(tmp_path: Path) -> None:
    long, longer = (Places(tmp_path / ("deep" * 25) / name) for name in ("a", "b"))
    for places in (long, longer):
        places.make()
    assert len(str(long.run / "asterisk.ctl")) < 108
    assert long.run != longer.run
    assert stat.S_IMODE(long.run.stat().st_mode) == 0o700
    for places in (long, longer):
        places.run.rmdir()


def test_a_folder_that_another_user_made_for_us_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    with pytest.raises(PermissionError, match="belongs to another user"):
        Places(settings.home).make()
