"""What an operator sets for one running exchange: places, ports, addresses.

Read from the environment (`CENTRALE_…`). Everything about accounts, phones and trunks is data, not a setting.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _object(text: Any) -> Any:
    """Read here and not by the library, whose complaint is of another kind than all others."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise ValueError('it is not JSON such as {"name": "text"}') from None


_JSON = BeforeValidator(_object)
Port = Annotated[int, Field(ge=1, le=65535)]


def _origin(url: HttpUrl) -> HttpUrl:
    if url.path not in (None, "/") or url.query or url.fragment or url.username:
        raise ValueError("it is only https:// and a name, such as https://telefoon.example.org")
    return url


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in. `tls`: from the first byte (`implicit`), by STARTTLS or not at all (`none`).

    `ca`: a file with the certificates that its own one must come from; those of this machine if None.
    """

    host: str
    port: int
    tls: Literal["implicit", "starttls", "none"]
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """Of an address as in `CENTRALE_SMTP_URL`. Raises ValueError, in words that tell no password."""
        try:
            parts = urlsplit(url)
            port, options = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        except ValueError:
            raise ValueError("it is not an address such as smtp://user:password@mail.example.org:587") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("it is not an address such as smtp://user:password@mail.example.org:587")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("it needs both a user and a password, or neither; in them, write : / @ # % as %3A %2F …")
        tls = options.pop("tls", "implicit" if parts.scheme == "smtps" else "starttls")
        ca = options.pop("ca", None)
        if options or tls not in (("implicit",) if parts.scheme == "smtps" else ("starttls", "none")):
            raise ValueError("after ? it takes tls=starttls or tls=none (with smtp://), and ca=/path/to/file")
        return cls(
            host=parts.hostname,
            port=port or (465 if parts.scheme == "smtps" else 587 if parts.username else 25),
            tls=tls,  # type: ignore[arg-type] # it is one of the three, see above
            username=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            ca=None if ca is None else Path(ca),
        )


class Settings(BaseSettings):
    """One exchange. Several run side by side with different homes and ports."""

    # What is wrong is told without the value: it may be a password.
    model_config = SettingsConfigDict(env_prefix="CENTRALE_", frozen=True, hide_input_in_errors=True)

    home: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "centrale",
        description="Everything that this exchange keeps: database, journal, sounds, Asterisk's own files.",
    )
    cache: Path = Field(
        default_factory=lambda: Path.home() / ".cache" / "centrale",
        description="What can be fetched again: the private Asterisk runtime. Shared by all exchanges of this user.",
    )
    asterisk: str | None = Field(
        default=None,
        description="The program of the Asterisk to run, or `private` to refuse a system Asterisk. "
        "Default: a system Asterisk 22 or newer, else the private runtime.",
    )
    chromium: str | None = Field(
        default=None,
        description="The Chromium or Chrome that tests and screenshots use, or `private` to refuse a system one. "
        "Default: a system one that opens a page, else a private one.",
    )
    bind: IPv4Address | IPv6Address = Field(
        default=IPv4Address("127.0.0.1"),
        description="Where SIP, RTP and the portal listen. Loopback unless set; 0.0.0.0 opens the exchange to the "
        "network, and then the demo's known passwords and tokens are replaced by generated ones.",
    )
    public_url: Annotated[HttpUrl, AfterValidator(_origin)] | None = Field(
        default=None,
        description="Where people open the portal, such as https://telefoon.example.org; for links in e-mails. With "
        "https, cookies travel over https only.",
    )
    oidc_issuer: HttpUrl | None = Field(
        default=None,
        description="OpenID Connect provider that people may sign in with, such as "
        "https://login.microsoftonline.com/TENANT/v2.0. Register <portal>/api/v1/session/outside/back there.",
    )
    oidc_client_id: str | None = Field(default=None, description="What the provider calls us.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Our secret there, if it gave us one.")
    oidc_name: str = Field(default="OpenID", description="What the button to sign in there says.")
    oidc_scopes: str | None = Field(
        default=None,
        description="What the provider is asked for. Not set: openid, profile and email; Microsoft Entra ID also for "
        "offline_access, by which sessions end when somebody is blocked there, and User.Read.",
    )
    oidc_trust_email: bool = Field(
        default=False,
        description="Believe e-mail addresses that the provider does not call verified: only for a provider where "
        "nobody can choose their own, such as one single tenant of Microsoft Entra ID.",
    )
    external_address: str | None = Field(
        default=None, description="The public address that phones outside see, when a router translates addresses."
    )
    http_port: Port = 8000
    sip_port: Port = 5080
    ari_port: Port = Field(default=5088, description="Asterisk's ARI; always on loopback.")
    rtp_from: Port = 12000
    rtp_to: Port = 15999
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the database; default SQLite in the home. PostgreSQL: postgresql+psycopg://…",
    )
    language: str = Field(
        default="nl",
        pattern="^(nl|en|de|es|lv)$",
        description="In which callers hear an apology while call control is away; all else follows the accounts.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The mail server: smtp://user:password@host:587 with STARTTLS, ?tls=none without; smtps://… with "
        "TLS from the first byte. ?ca=/path/to/file: its certificate comes from this one. Without it e-mails wait.",
    )
    mail_from: str | None = Field(
        default=None,
        pattern=r"^[^@\s<>\"]+@[A-Za-z0-9.-]+$",
        description="The sender of e-mails, such as voicemail@example.org; needed with a mail server.",
    )
    sms_url: SecretStr | None = Field(
        default=None,
        description="Where text messages (SMS) are posted, at a gateway of your choice. Without it they wait.",
    )
    sms_format: Literal["json", "form"] = "json"
    sms_fields: Annotated[dict[str, Any], NoDecode, _JSON] = Field(
        default={"to": "{to}", "text": "{text}"},
        description="What is posted, as JSON; in its texts {to} is the number (E.164), {text} the text and {id} the "
        "same at each try of one message.",
    )
    sms_headers: Annotated[dict[str, SecretStr], NoDecode, _JSON] = Field(
        default={}, description='Headers of the gateway, as JSON: {"Authorization": "Bearer …"}.'
    )
    webhooks_private: bool = Field(
        default=False,
        description="Let webhooks lead into private networks and to this machine, there also by http. Whoever "
        "administers an account then reaches what this machine reaches: only where you trust all of them.",
    )
    demo: bool = Field(default=True, description="Make the demo account on the first start of an empty exchange.")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.rtp_from > self.rtp_to:
            raise ValueError("CENTRALE_RTP_FROM is above CENTRALE_RTP_TO: no port is left for sound")
        if self.smtp_url is not None:
            try:
                MailServer.parse(self.smtp_url.get_secret_value())
            except ValueError as problem:
                raise ValueError(f"CENTRALE_SMTP_URL: {problem}") from None
            if self.mail_from is None:
                raise ValueError("CENTRALE_SMTP_URL needs CENTRALE_MAIL_FROM beside it")
        if self.oidc_issuer is not None:
            if self.oidc_client_id is None:
                raise ValueError("CENTRALE_OIDC_ISSUER needs CENTRALE_OIDC_CLIENT_ID beside it")
            if self.oidc_issuer.scheme != "https" and self.oidc_issuer.host not in ("127.0.0.1", "localhost", "[::1]"):
                raise ValueError("CENTRALE_OIDC_ISSUER has to begin with https://, or anybody on the way signs in")
        if self.sms_url is not None and not re.match(r"https?://[^/\s]", self.sms_url.get_secret_value()):
            raise ValueError("CENTRALE_SMS_URL is not an address such as https://sms.example.org/send")
        return self

    @property
    def mail_server(self) -> MailServer | None:
        """Where e-mail is handed in, if anywhere."""
        return None if self.smtp_url is None else MailServer.parse(self.smtp_url.get_secret_value())

    @property
    def demo_trunk_port(self) -> int:
        """Where the demo account's loopback trunk expects its carrier (`centrale demo`); beside our SIP port."""
        return self.sip_port + 10 if self.sip_port <= 65525 else self.sip_port - 10

    @property
    def portal(self) -> str:
        """Where people open the portal, without a slash at the end."""
        if self.public_url is not None:
            return str(self.public_url).rstrip("/")
        host = self.external_address or ("127.0.0.1" if self.bind.is_unspecified else str(self.bind))
        return f"http://{f'[{host}]' if ':' in host else host}:{self.http_port}"

    @property
    def https(self) -> bool:
        """Do people reach the portal by https? Then a proxy in front of us speaks it."""
        return self.public_url is not None and self.public_url.scheme == "https"

    @property
    def open_to_network(self) -> bool:
        """True when something other than this machine can reach the exchange."""
        return not self.bind.is_loopback

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL (async driver)."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'centrale.db'}"
