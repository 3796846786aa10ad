"""Asterisk's configuration files as text: each function gives one file."""

from __future__ import annotations

from centrale.runtime.model import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration.modules import LOADED, PRELOADED
from centrale.telephony.asterisk.configuration.music import TABLES as MUSIC_TABLES
from centrale.telephony.asterisk.configuration.music import USUAL
from centrale.telephony.asterisk.configuration.objects import REALM
from centrale.telephony.asterisk.configuration.places import Places
from centrale.telephony.asterisk.configuration.realtime import ASTERISKS

ARI_USER = "centrale"
REALTIME = "centrale"

DEAF_SECONDS = 8
"""After so long without any answer to an INVITE its way is down."""


def asterisk_conf(places: Places, runtime: Runtime) -> str:
    """Folders below the home, and no way from a console or a channel to a shell."""
    return f"""\
[directories]
astcachedir => {places.var}
astetcdir => {places.etc}
astmoddir => {runtime.module_dir}
astvarlibdir => {places.var}
astdbdir => {places.var}
astkeydir => {places.var}
astdatadir => {runtime.data_dir}
astagidir => {places.var}
astspooldir => {places.spool}
astrundir => {places.run}
astlogdir => {places.log}

[options]
nofork = yes
nocolor = yes
live_dangerously = no
disable_remote_console_shell = yes
hide_messaging_ami_events = yes

[files]
astctlpermissions = 0600
"""


def modules_conf(extra: tuple[str, ...] = ()) -> str:
    """The allow list; `extra` is for measurements."""
    preload = "".join(f"preload = {name}.so\n" for name in PRELOADED)
    load = "".join(f"load = {name}.so\n" for name in (*LOADED, *extra))
    return f"[modules]\nautoload = no\n{preload}{load}"


def http_conf(settings: Settings) -> str:
    """ARI's server: this machine only, nothing but ARI on it."""
    return f"""\
[general]
servername = Centrale
enabled = yes
bindaddr = 127.0.0.1
bindport = {settings.ari_port}
enable_static = no
session_inactivity = 60000
"""


def ari_conf(password: str) -> str:
    """One user, from this machine only."""
    return f"""\
[general]
enabled = yes
pretty = no
websocket_write_timeout = 5000

[{ARI_USER}]
type = user
read_only = no
password = {password}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
"""


def pjsip_conf(settings: Settings) -> str:
    """Transports and what holds for all; phones and trunks are not here.

    `endpoint_identifier_order`: what comes from a trunk's address is that trunk, whatever user it names in From, so
    a carrier (or who forges one's address) can never pass for a phone; a phone is named by From and then has to
    prove it by digest. There is no anonymous endpoint: who is unknown is challenged and never let in.

    `timer_t1`, `timer_b`: a carrier that answers nothing at all is given up after 8 seconds instead of 32, and the
    caller goes on by the next trunk. Timer B has to be 64 times T1, or Asterisk keeps to 32 seconds. What does answer
    (100 Trying) may ring as long as it likes.
    """
    return f"""\
[global]
type = global
user_agent = Centrale
default_realm = {REALM}
default_from_user = anonymous
endpoint_identifier_order = ip,username
ignore_uri_user_options = yes
mwi_disable_initial_unsolicited = yes
max_initial_qualify_time = 30
keep_alive_interval = 30
taskprocessor_overload_trigger = pjsip_only

[system]
type = system
disable_tcp_switch = yes
timer_t1 = {DEAF_SECONDS * 1000 // 64}
timer_b = {DEAF_SECONDS * 1000}

{_transport("udp", settings)}
{_transport("tcp", settings)}"""


def _transport(name: str, settings: Settings) -> str:
    address = f"[{settings.bind}]" if settings.bind.version == 6 else str(settings.bind)
    lines = [f"[{name}]", "type = transport", f"protocol = {name}", f"bind = {address}:{settings.sip_port}"]
    if settings.external_address:
        lines += [f"external_{part}_address = {settings.external_address}" for part in ("signaling", "media")]
        lines += [f"external_signaling_port = {settings.sip_port}"]
        lines += [f"local_net = {net}" for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
    return "\n".join(lines) + "\n"


def sorcery_conf() -> str:
    """Where objects live: phones and trunks in the realtime file, what is pushed (`pushed_objects`) in memory.

    `allow_unqualified_fetch = no`: nobody gets all phones at once. Asterisk would ask for them twice at its start, and
    sort them in a way that takes 0.3 s of CPU for 1,000 phones and 15 s for 10,000. No memory cache in front of the
    file, either: decision 0002. Trunks' addresses (identify) are few; all are looked through at each request.
    """
    return """\
[res_pjsip]
endpoint = realtime,ps_endpoints,allow_unqualified_fetch=no
endpoint = memory
auth = realtime,ps_auths,allow_unqualified_fetch=no
aor = realtime,ps_aors,allow_unqualified_fetch=no
aor = memory
contact = astdb,registrar

[res_pjsip_endpoint_identifier_ip]
identify = realtime,ps_endpoint_id_ips

[res_pjsip_outbound_registration]
registration = memory
"""


def extconfig_conf() -> str:
    """Which database each table of the realtime file is in."""
    return "[settings]\n" + "".join(f"{table} => sqlite3,{REALTIME}\n" for table in (*ASTERISKS, *MUSIC_TABLES))


def sqlite_conf(places: Places) -> str:
    """`batch = 0`: batching keeps a transaction open, and an open one never sees what we wrote after it began."""
    return f"[{REALTIME}]\ndbfile => {places.realtime}\nbatch = 0\nbusy_timeout = 2000\nrequirements = warn\n"


def rtp_conf(settings: Settings) -> str:
    """Media ports. Strict: a stream's source is learnt once, and packets from elsewhere are dropped."""
    return f"[general]\nrtpstart = {settings.rtp_from}\nrtpend = {settings.rtp_to}\nstrictrtp = yes\nicesupport = no\n"


def logger_conf(places: Places) -> str:
    """Notices and worse, in the home; SIP messages, which carry credentials, are never logged."""
    return f"""\
[general]
dateformat = %F %T.%3q
appendhostname = no
rotatestrategy = rotate
queue_log = no

[logfiles]
{places.log / "asterisk.log"} => notice,warning,error
"""


def musiconhold_conf(places: Places) -> str:
    """The usual music, for whoever has none of their own, lies in the home's `music` folder; all else: `music`."""
    return f"[general]\ncachertclasses = no\n\n[{USUAL}]\nmode = files\ndirectory = {places.music}\n"


def stasis_conf() -> str:
    """Messages that nobody of ours listens to are not made at all."""
    declined = (
        "ast_channel_varset_type",
        "ast_device_state_message_type",
        "ast_rtp_rtcp_sent_type",
        "ast_rtp_rtcp_received_type",
    )
    return "[declined_message_types]\n" + "".join(f"decline = {name}\n" for name in declined)


def silenced() -> dict[str, str]:
    """Parts of Asterisk's core that we do not use are told so, instead of complaining of a missing file."""
    return {
        "acl.conf": "",
        "ccss.conf": "[general]\n",
        "cdr.conf": "[general]\nenable = no\n",
        "cel.conf": "[general]\nenable = no\n",
        "features.conf": "[general]\n",
        "indications.conf": "[general]\ncountry = nl\n\n[nl]\ndescription = Netherlands\nringcadence = 1000,4000\n"
        "dial = 425\nbusy = 425/500,0/500\nring = 425/1000,0/4000\ncongestion = 425/250,0/250\n",
        "manager.conf": "[general]\nenabled = no\n",
        "minivm.conf": "[general]\n",
        "pjproject.conf": "[startup]\ntype = startup\nlog_level = 2\n",
        "udptl.conf": "[general]\n",
        "websocket_client.conf": "",
    }
