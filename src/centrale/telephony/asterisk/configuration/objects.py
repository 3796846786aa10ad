"""Phones and trunks as Asterisk's objects: which fields they have, and why those values.

A field that is not named here keeps Asterisk's default, and its column does not exist in the realtime file.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum

from centrale.telephony.asterisk.configuration.dialplan import PHONES, TRUNKS
from centrale.telephony.asterisk.configuration.music import USUAL

REALM = "centrale"
"""Part of every stored credential: changing it invalidates all passwords."""

PHONE_CODECS = "!all,g722,alaw,ulaw"
TRUNK_CODECS = "!all,alaw,ulaw,g722"
"""G.711 first: what comes from the telephone network is G.711, and asking for more makes one of us transcode."""

_SESSION_SECONDS = 1800
_SILENT_SECONDS = 60
"""Without a single RTP packet for so long, the far end is gone (power cut, lost network)."""

Row = dict[str, str]


class Dtmf(StrEnum):
    """How digits travel, in Asterisk's words. As SIP INFO they are heard in all three."""

    RFC4733 = "auto"
    """As events with phones that offer them (nearly all); only where one does not, the voice is searched for tones."""
    INFO = "info"
    INBAND = "inband"


class Transport(StrEnum):
    """A transport's name in Asterisk and in SIP URIs."""

    UDP = "udp"
    TCP = "tcp"


@dataclass(frozen=True, slots=True)
class SipChannel:
    """One phone's registration. `name` is its SIP user name and the endpoint's name."""

    name: str
    password: str = field(repr=False)
    dtmf: Dtmf = Dtmf.RFC4733
    language: str = "en"
    codecs: str = PHONE_CODECS
    music: str = ""
    """The playlist that those hear whom this phone puts on hold; the usual one if empty."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", self.name) or self.name.startswith(TRUNK_PREFIX):
            raise ValueError(f"{self.name!r} cannot be a SIP user name")


@dataclass(frozen=True, slots=True)
class SipTrunk:
    """A carrier, or another exchange. It calls from `sources`: addresses, with mask or port where they are given.

    `register`: log on there (RFC 3261 §10), and be recognised by what we registered. Without it, the carrier
    recognises us by address, and we it by `sources` only.
    """

    name: str
    host: str
    port: int = 5060
    transport: Transport = Transport.UDP
    sources: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    register: bool = False
    qualify_seconds: int = 0
    codecs: str = TRUNK_CODECS
    language: str = "en"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", self.name):
            raise ValueError(f"{self.name!r} cannot be a trunk's name")
        if not re.fullmatch(r"[A-Za-z0-9.:-]+", self.host):
            raise ValueError(f"{self.host!r} is neither a host name nor an address")
        for source in self.sources:
            _check_source(source)
        if self.register and not self.username:
            raise ValueError(f"trunk {self.name} cannot register without a user name")

    @property
    def endpoint(self) -> str:
        return TRUNK_PREFIX + self.name

    @property
    def uri(self) -> str:
        """Where it is reached: the host part of a SIP URI with port and transport."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port};transport={self.transport}"


TRUNK_PREFIX = "trunk-"
"""Endpoints of trunks and of phones share one name space; no phone's name may start so."""


def digest_ha1(username: str, password: str) -> str:
    """What digest authentication needs to know of a password (RFC 2617 §3.2.2.2), so that no clear text is stored."""
    return hashlib.md5(f"{username}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


VOICEMAIL = "1233"
"""What a phone dials to listen, and under which number its own lamp can be subscribed to."""


def lamp_secret(channel: SipChannel) -> str:
    """A name that nobody can guess, of the one thing that tells of a phone's lamp when it is asked (SUBSCRIBE).

    Asterisk lets any phone subscribe to what has messages, of whatever account, if it knows the name. So what a phone
    registers at has none. What has them bears this name; a phone gets there by `VOICEMAIL`, and to its own only.
    """
    return hashlib.sha256(f"lamp {digest_ha1(channel.name, channel.password)}".encode()).hexdigest()[:32]


def lamp_of(channel: str) -> str:
    """What Asterisk calls the message-waiting lamp of a channel's phone: a mailbox of its own."""
    return f"{channel}@centrale"


_COMMON: Row = {
    # Media always passes through Asterisk: features during a call, and far ends behind address translation.
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rtp_timeout": str(_SILENT_SECONDS),
    "timers": "always",
    "timers_sess_expires": str(_SESSION_SECONDS),
    # Transfers are ours to decide; Asterisk's own would bypass the account's rules.
    "allow_transfer": "no",
    "allow_subscribe": "no",
    # What somebody else's phone says it shows, and what carriers would be told of transfers inside.
    "send_connected_line": "no",
    "trust_connected_line": "no",
    "send_pai": "yes",
}


def channel_rows(channel: SipChannel) -> dict[str, Row]:
    """A phone as rows, by table."""
    endpoint = _COMMON | {
        "context": PHONES,
        "aors": f"{channel.name},{lamp_secret(channel)}",
        "auth": channel.name,
        "allow": channel.codecs,
        "dtmf_mode": channel.dtmf,
        "identify_by": "username",
        "rewrite_contact": "yes",
        # What a phone says of its identity is never believed; what is private is not told to it.
        "trust_id_inbound": "no",
        "trust_id_outbound": "no",
        # The display follows who is there (`Switch.show`); nothing is sent of itself: see `Switch.connect` on Asterisk.
        "send_connected_line": "yes",
        # A call from a carrier brings along who diverted it; that is between the carrier and us.
        "send_diversion": "no",
        "device_state_busy_at": "0",
        "language": channel.language,
        "moh_suggest": channel.music or USUAL,
        # Its message-waiting lamp; see `telephony.asterisk.lamps`.
        "mailboxes": lamp_of(channel.name),
        "voicemail_extension": VOICEMAIL,
        "allow_subscribe": "yes",
        "mwi_subscribe_replaces_unsolicited": "yes",
    }
    auth = {
        "auth_type": "digest",
        "username": channel.name,
        "realm": REALM,
        "password_digest": f"MD5:{digest_ha1(channel.name, channel.password)}",
    }
    aor = {
        "max_contacts": "1",
        "remove_existing": "yes",
        "minimum_expiration": "60",
        "default_expiration": "600",
        "maximum_expiration": "3600",
    }
    lamp = {"secret": lamp_secret(channel), "mailboxes": lamp_of(channel.name), "voicemail_extension": VOICEMAIL}
    return {"ps_endpoints": endpoint, "ps_auths": auth, "ps_aors": aor, "lamps": lamp}


def trunk_rows(trunk: SipTrunk) -> dict[str, Row]:
    """A trunk as rows, by table; what has to be pushed is not among them, see `pushed_objects`."""
    endpoint = _COMMON | {
        "context": TRUNKS,
        "transport": trunk.transport.value,
        "aors": trunk.endpoint,
        "allow": trunk.codecs,
        "dtmf_mode": Dtmf.RFC4733.value,
        "identify_by": "ip",
        "rewrite_contact": "no",
        # RFC 3325: inside the trust domain the asserted identity is believed, and sent even when it is withheld.
        "trust_id_inbound": "yes",
        "trust_id_outbound": "yes",
        "send_diversion": "yes",
        "language": trunk.language,
    }
    rows = {"ps_endpoints": endpoint}
    if not trunk.qualify_seconds:
        rows["ps_aors"] = {"contact": f"sip:{trunk.uri}"}
    if trunk.username and trunk.password:
        endpoint |= (
            {"outbound_auth": trunk.endpoint, "from_user": trunk.username}
            if trunk.register
            else {"outbound_auth": trunk.endpoint}
        )
        rows["ps_auths"] = {"auth_type": "digest", "username": trunk.username, "password": trunk.password}
    if trunk.sources:
        rows["ps_endpoint_id_ips"] = {"endpoint": trunk.endpoint, "match": ",".join(trunk.sources)}
    return rows


def pushed_objects(trunk: SipTrunk) -> dict[str, Row]:
    """What Asterisk is told of a trunk over ARI after each connect, in this order: it keeps that in memory only.

    `PUT /ari/asterisk/config/dynamic/res_pjsip/<key>`, in which a key is a type and a name.
    """
    pushed: dict[str, Row] = {}
    if trunk.qualify_seconds:
        # An address in the realtime file is never checked: Asterisk begins with that when it is told of the address,
        # and of an endpoint to ask as. It looks for one among those in memory; this one serves for nothing else.
        pushed[f"aor/{trunk.endpoint}"] = {
            "contact": f"sip:{trunk.uri}",
            "qualify_frequency": str(trunk.qualify_seconds),
        }
        pushed[f"endpoint/{trunk.endpoint}.check"] = {
            "aors": trunk.endpoint,
            "transport": trunk.transport.value,
            "identify_by": "ip",
        }
    if trunk.register:
        pushed[f"registration/{trunk.endpoint}"] = _registration(trunk)
    return pushed


def _registration(trunk: SipTrunk) -> Row:
    return {
        "transport": trunk.transport.value,
        "server_uri": f"sip:{trunk.uri}",
        "client_uri": f"sip:{trunk.username}@{trunk.uri}",
        "contact_user": str(trunk.username),
        "outbound_auth": trunk.endpoint,
        "endpoint": trunk.endpoint,
        # The carrier calls the very contact that we registered: that recognises it, whatever its address is.
        "line": "yes",
        "max_random_initial_delay": "0",
        "expiration": "600",
        "retry_interval": "30",
        "forbidden_retry_interval": "300",
        "max_retries": "1000000",
        "auth_rejection_permanent": "no",
    }


def _check_source(source: str) -> None:
    """`address`, `address/mask`, `address:port`, `[IPv6]:port`. A host name would be looked up on each request."""
    match = re.fullmatch(r"\[([0-9a-fA-F:]+)\](?::(\d+))?|([0-9.]+)(?::(\d+))?(/\d+)?|([0-9a-fA-F:]+)(/\d+)?", source)
    try:
        if match is None:
            raise ValueError("not an address")
        ipaddress.ip_network(f"{match[1] or match[3] or match[6]}{match[5] or match[7] or ''}", strict=False)
    except ValueError as error:
        raise ValueError(f"{source!r} is not an address that a trunk can call from: {error}") from error
