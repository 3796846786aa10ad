"""Who administers: wholesale partners, web users, their sessions, and links that were mailed (ACC-1, ROLE-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base
from centrale.routing.snapshot import ExtensionNumber


class PartnerRow(Base):
    """A wholesale partner: sees and manages its own customers only (ACC-1)."""

    __tablename__ = "partners"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class WebUserRow(Base):
    """Somebody who signs in to the portal (ROLE-1): of the platform, of a partner, or of an account.

    Secrets: the password as an argon2id hash, the authenticator's secret sealed in the vault.
    """

    __tablename__ = "web_users"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "extension"], ["extensions.account_id", "extensions.number"], name="fk_web_users_extension"
        ),
        Index(None, "account_id"),
        Index(None, "partner_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(5))
    role: Mapped[str] = mapped_column(String(20))
    rights: Mapped[list[Any]]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    extension: Mapped[ExtensionNumber | None] = mapped_column(String(5))
    """The user extension that this person is, if any."""
    disabled: Mapped[bool]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_last: Mapped[int | None]
    """The 30-second step of the last code that was used: none is good twice (RFC 6238 §5.2)."""
    outside_subject: Mapped[str | None] = mapped_column(String(400), unique=True)
    """Who this is at the OpenID provider: `issuer subject` (SSO-1)."""
    created: Mapped[datetime]
    last_seen: Mapped[datetime | None]


class WebSessionRow(Base):
    """A browser that is signed in; its cookie is kept as a digest."""

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    web_user_id: Mapped[int] = mapped_column(ForeignKey("web_users.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime]
    last_used: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    program: Mapped[str]
    """What the browser calls itself."""
    refresh: Mapped[str | None] = mapped_column(Text)
    """Of who signed in by OpenID Connect: what the provider is asked with, sealed, whether they still may."""
    vouched: Mapped[datetime | None]
    """When the provider last said so."""


class WebLinkRow(Base):
    """A link to choose a password with: of an invitation, or for who forgot theirs. Good once."""

    __tablename__ = "web_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    web_user_id: Mapped[int] = mapped_column(ForeignKey("web_users.id", ondelete="CASCADE"), index=True)
    expires: Mapped[datetime]
