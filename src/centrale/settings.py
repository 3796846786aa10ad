"""What an operator sets for one running exchange: places, ports, addresses.

Read from the environment (`CENTRALE_…`). Everything about accounts, phones and trunks is data, not a setting.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """One exchange. Several run side by side with different homes and ports."""

    model_config = SettingsConfigDict(env_prefix="CENTRALE_", frozen=True)

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
    bind: IPv4Address | IPv6Address = Field(
        default=IPv4Address("127.0.0.1"),
        description="Where SIP, RTP and the portal listen. Loopback unless set; 0.0.0.0 opens the exchange to the "
        "network, and then the demo's known passwords and tokens are replaced by generated ones.",
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
    demo: bool = Field(default=True, description="Make the demo account on the first start of an empty exchange.")

    @property
    def demo_trunk_port(self) -> int:
        """Where the demo account's loopback trunk expects its carrier (`centrale demo`); beside our SIP port."""
        return self.sip_port + 10 if self.sip_port <= 65525 else self.sip_port - 10

    @property
    def open_to_network(self) -> bool:
        """True when something other than this machine can reach the exchange."""
        return not self.bind.is_loopback

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL (async driver)."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'centrale.db'}"
