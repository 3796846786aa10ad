"""Accounts with their extensions, channels and telephone numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from centrale.accounts.models.base import Base
from centrale.routing.snapshot import E164, ChannelName, ExtensionNumber


class AccountRow(Base):
    """A customer (ACC-1). `revision` grows with every change of configuration, `logons_revision` with every logon."""

    __tablename__ = "accounts"
    # An id is never given out twice: call records and the audit outlive a deleted account.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(5))
    timezone: Mapped[str] = mapped_column(String(64))
    area_code: Mapped[str | None] = mapped_column(String(6))
    extension_length: Mapped[int | None]
    default_caller_id: Mapped[E164 | None] = mapped_column(String(16))
    emergency_caller_id: Mapped[E164 | None] = mapped_column(String(16))
    facilities: Mapped[list[Any]]
    partner: Mapped[int | None] = mapped_column("partner_id", ForeignKey("partners.id"), index=True)
    infotainment_every: Mapped[int] = mapped_column(default=60, server_default="60")
    revision: Mapped[int] = mapped_column(default=0)
    logons_revision: Mapped[int] = mapped_column(default=0)


class ExtensionRow(Base):
    """A number inside the account that does something; `settings` is the kind's model as JSON (design §4)."""

    __tablename__ = "extensions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[ExtensionNumber] = mapped_column(String(5), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    settings: Mapped[dict[str, Any]]
    pin_hash: Mapped[str | None]
    voicemail_pin_hash: Mapped[str | None]
    """Of a user's personal voicemail (USR-1); a mailbox has only the other one."""


class ChannelRow(Base):
    """A VoIP channel (CHN-1); its name is a SIP user name and unique on the platform."""

    __tablename__ = "channels"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "linked_user"], ["extensions.account_id", "extensions.number"]),
        UniqueConstraint("account_id", "name"),
        CheckConstraint("call_limit BETWEEN 1 AND 5", "call_limit"),
        Index(None, "account_id", "linked_user"),
    )

    name: Mapped[ChannelName] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    secret: Mapped[str]
    dtmf: Mapped[str] = mapped_column(String(10))
    area_code: Mapped[str | None] = mapped_column(String(6))
    language: Mapped[str | None] = mapped_column(String(5))
    country: Mapped[str | None] = mapped_column(String(2))
    call_limit: Mapped[int]
    linked_user: Mapped[ExtensionNumber | None] = mapped_column(String(5))
    emergency_caller_id: Mapped[E164 | None] = mapped_column(String(16))


class NumberRow(Base):
    """A telephone number (ACC-6), unique on the platform."""

    __tablename__ = "numbers"
    __table_args__ = (
        ForeignKeyConstraint(["account_id", "user_number"], ["extensions.account_id", "extensions.number"]),
        UniqueConstraint("account_id", "e164"),
        Index(None, "account_id", "user_number"),
    )

    e164: Mapped[E164] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    use: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    user_number: Mapped[ExtensionNumber | None] = mapped_column(String(5))
